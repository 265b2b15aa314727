"""Does an address lead to the post without telling who wrote it?"""

from __future__ import annotations

import pytest

from huixiang.channels.links import bare


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("https://weibo.com/1234567890/N8abcdefg?from=share", "https://m.weibo.cn/status/N8abcdefg"),
        ("https://m.weibo.cn/1234567890/4567890123456789", "https://m.weibo.cn/status/4567890123456789"),
        ("https://weibo.com/zhangsan/N8abcdefg", "https://m.weibo.cn/status/N8abcdefg"),
        ("https://m.weibo.cn/detail/4567890123456789", "https://m.weibo.cn/detail/4567890123456789"),
        ("https://www.xiaohongshu.com/user/profile/5ff0e641/64abc", "https://www.xiaohongshu.com/explore/64abc"),
        ("https://x.com/zhangsan/status/123", "https://x.com/i/status/123"),
        ("//www.zhihu.com/question/1/answer/2#top", "https://www.zhihu.com/question/1/answer/2"),
        ("https://weibo.com/u/1234567890", ""),
        ("https://weibo.com/n/张三", ""),
        ("https://www.zhihu.com/people/zhang-san", ""),
        ("https://www.douyin.com/user/MS4wLjABAAAA", ""),
        ("https://space.bilibili.com/12345", ""),
        ("https://zhang:san@bbs.example/1", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_the_author_is_left_out_and_the_post_is_found(told: str, kept: str) -> None:
    assert bare(told) == kept
