"""The demo's feeds and two more, for what the reading pane makes of texts: an article that would run scripts and call
other hosts, and a repository with prereleases."""
import datetime
import html

import samples
import serve

HOSTILE = """<p>第一段：端侧推理的<b>量化</b>笔记。</p><script>document.title = 'run'; fetch('https://evil.example/s')</script>
<p onclick="alert(1)" style="background:url(https://evil.example/c)">第二段 <a href="javascript:alert(2)">链接</a>
<a href="https://www.example.com/next">下一篇</a></p><img src="https://evil.example/i.png" onerror="alert(3)" alt="图">
<iframe src="https://evil.example/f"></iframe><svg onload="alert(4)"></svg><ul><li>一</li><li>二</li></ul>""" + "".join(
    f"<p>正文第 {index} 段：内存、带宽与功耗的取舍，逐项比较并给出测量方法与数字。</p>" for index in range(30))
TAGS = ["v1.0.0", "v1.1.0-rc1", "v1.1.0-rc2", "v1.1.0-rc3"]
REPOSITORY = "example-edge/nightjar"


def atom_entry(title, link, when, content):
    return (f"<entry><title>{title}</title><link rel=\"alternate\" href=\"{link}\"/><id>{link}</id>"
            f"<updated>{samples.iso(when)}</updated><author><name>a</name></author>"
            f"<content type=\"html\">{html.escape(content)}</content></entry>")


def feed(title, site, entries):
    return (f"<?xml version=\"1.0\" encoding=\"UTF-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">"
            f"<title>{title}</title><link href=\"{site}\"/><id>{site}</id>{''.join(entries)}</feed>")


def build(now):
    hour = datetime.timedelta(hours=1)
    article = atom_entry("端侧量化与推理：一篇会动手脚的文章", "https://text.example/hostile", now - hour, HOSTILE)
    releases = [atom_entry(f"nightjar {tag}", f"https://github.com/{REPOSITORY}/releases/tag/{tag}", now - hour * (9 - index),
                           f"<h2>What is new</h2><p>Quantized inference on edge devices, notes of {tag}.</p>")
                for index, tag in enumerate(TAGS)]
    return [
        samples.Feed("文章示例", "/hostile.atom", samples.ATOM, feed("文章示例", "https://text.example/", [article]),
                     {"section": "blog"}),
        samples.Feed("nightjar releases", "/nightjar.atom", samples.ATOM,
                     feed("Release notes from nightjar", f"https://github.com/{REPOSITORY}/releases", releases),
                     {"section": "oss", "kind": "github-releases"}),
    ]


class Server(serve.Server):
    def __init__(self, port=0):
        super().__init__(port)
        now = datetime.datetime.now(datetime.timezone.utc)
        more = build(now)
        self.feeds += more
        self.documents |= {feed.path: serve.Document(feed, now) for feed in more}
