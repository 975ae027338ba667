"""The feeds of a whole evening: the samples of the demo and four large ones more. Their stories are made of
invented names, because stories put together from tables of words are reports of the same thing to the program,
and rightly; each has one word the rules know."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))
import samples  # noqa: E402

EACH = 190  # items of a feed; with those of the demo well over five hundred stories
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]


def names(number, count):
    words = []
    for word in range(count):
        value = (number * 31 + word * 9176 + 7) * 2654435761 % 70 ** 4
        words.append("".join(SYLLABLES[value // 70 ** place % 70] for place in range(4)))
    return words


def texts(seed, title, summary):
    pairs = []
    for number in range(seed, seed + EACH):
        words = names(number, 16)
        pairs.append((title.format(*words), summary.format(*words[2:5]) + " ".join(words[5:])))
    return pairs


def build(now):
    maker = samples.Maker(now, seed=500)
    news = texts(10_000, "{0} {1} NPU {2}", "示例消息：{0} {1} {2}，端侧推理。")
    posts = texts(20_000, "{0} {1} 量化 {2}", "示例文章：{0} {1} {2}，端侧推理。")
    tools = [samples.Entry(title, f"https://github.com/evening-sample/{names(30_000 + index, 1)[0]}", summary, maker.when(index, EACH))
             for index, (title, summary) in enumerate(texts(30_000, "{0} {1} 剪枝 {2}", "示例项目：{0} {1} {2}，端侧推理。"))]
    papers = [samples.Entry(title, f"https://arxiv.org/abs/2009.{70000 + index}v1", summary, maker.when(index, EACH), names(index, 1)[0])
              for index, (title, summary) in enumerate(texts(40_000, "{0} {1} {2}", "示例论文：{0} {1} {2}，量化，端侧推理。"))]

    def feed(name, path, entries, section):
        return samples.Feed(name, path, samples.RSS, samples.rss(name, f"https://{path[1:-4]}.example.net/", entries, "zh-CN"),
                            {"section": section, "section_weight": "9"})

    return samples.build(now) + [
        feed("夜读芯闻", "/evening-news.xml", maker.entries("news.example.net", news), "news"),
        feed("夜读项目", "/evening-tools.xml", tools, "oss"),
        feed("夜读博文", "/evening-posts.xml", maker.entries("posts.example.net", posts), "blog"),
        samples.Feed("夜读论文", "/evening-papers.xml", samples.RSS, samples.arxiv_rss(papers), {"section": "papers"}),
    ]
