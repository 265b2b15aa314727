"""回响 (huixiang): every voice gets an answer, and every answer is proven."""

__version__ = "0.1.0"
