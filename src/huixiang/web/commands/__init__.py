"""One file per command of `huixiang`."""
