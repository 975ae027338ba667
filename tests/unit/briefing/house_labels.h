/* The words of the Chinese newsletter, for fixtures that build an issue or a configuration by
 * hand; an initialiser, so that static ones can have it. They equal those of feeds.conf. */
#ifndef TESTS_BRIEFING_HOUSE_LABELS_H
#define TESTS_BRIEFING_HOUSE_LABELS_H

#define HOUSE_LABELS                                                                           \
    {                                                                                          \
        .guide = "导读：", .guide_count = "本次{count}条。", .summary = "摘要：",              \
        .link = "链接：", .title = "标题：", .project = "项目：", .code = "代码：",            \
        .paper = "论文：", .note = "注：", .open_bracket = "「", .close_bracket = "」",        \
        .item_separator = "、", .group_separator = "；", .sentence_end = "。",                 \
        .source_separator = " | ", .prefix_separator = "：", .archive = "往期回顾",            \
        .references = "参考链接", .headline_separator = "：",                                  \
    }

#endif
