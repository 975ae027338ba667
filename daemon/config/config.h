/* feeds.conf -> one immutable struct config.
 *
 * config_load() reads the file with libconfuse, checks everything that can be checked without
 * the rest of the program, and reports every problem it finds as file:line, not only the first.
 * A configuration with problems is never half-applied: the caller gets NULL and the list.
 *
 * A struct config is frozen once loaded, shared by threads and counted:
 * config_ref()/config_unref() from any thread. All strings and arrays live in its arena and are
 * borrowed until the last unref. Keyword patterns stay text here; briefing/judge.h compiles
 * them and reports its own problems into the same list, with the line each word came from.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "config/problems.h"

/* One keyword or alias with the line it stands on. */
struct config_word {
    const char *text;
    int line; /* 0: not in the file; CONFIG_LINE_DEFAULT: of the list that stands for none */
};

enum { CONFIG_LINE_DEFAULT = -1 };

struct config_words {
    struct config_word *items;
    size_t count;
};

/* A list of keywords that votes once, however many of them match (the syntax of a keyword is
 * described in feeds.conf and in briefing/keyword.h). */
struct config_rule {
    const char *name;
    double weight; /* votes for its section or for relevance; negative votes against */
    bool final;    /* a match decides the section, no vote is counted */
    struct config_words keywords;
    int line;
    int64_t changed_utc_s; /* when the editor wrote it at the desk; 0: it is the file's */
};

/* How the items of a section are written. */
enum config_form {
    CONFIG_FORM_ARTICLE, /* - [title | source](url) + summary */
    CONFIG_FORM_ONELINE, /* - subject：sentence；  the warm-up list, before the sections, not
                            counted */
    CONFIG_FORM_PAPER,   /* - [arXiv id] [title](url) + link + summary */
    CONFIG_FORM_PROJECT, /* - [owner/repo：title | source](url) + summary */
};

struct config_section {
    const char *id; /* "news": ASCII, stable, used in URLs, JSON and the database */
    const char *title;
    const char *short_title; /* for the guide */
    enum config_form form;
    const char *note;        /* printed under the heading; NULL: none */
    size_t limit;            /* suggestions the draft takes by itself */
    bool fallback;           /* items no rule claims go here; exactly one section has it */
    const char *overflow_of; /* id of the section whose next best items with a vendor come here;
                                or NULL */
    struct config_rule *rules;
    size_t rule_count;
    int line;
};

/* Keywords that say what the newsletter is about: they order the candidates, whatever the
 * section. Feeds may demand one (config_feed.require). */
struct config_topic {
    struct config_rule rule;
};

/* A subject with aliases: 英伟达 = NVIDIA = nVIDIA. */
struct config_vendor {
    const char *name;            /* as printed before a one-line item: 英伟达 */
    struct config_words aliases; /* begins with the name, unless one is "=name" or "/…name…/" */
    double weight;               /* added to the relevance of an item whose title names it */
    int line;
    int64_t changed_utc_s; /* as a rule's */
};

/* Sources with habits of their own (feed/source.h says what is done about each). */
enum config_kind {
    CONFIG_KIND_AUTO, /* as the address says: ask source_kind() */
    CONFIG_KIND_PLAIN,
    CONFIG_KIND_ARXIV,
    CONFIG_KIND_GITHUB_RELEASES,
    CONFIG_KIND_RSSHUB,
    CONFIG_KIND_WECHAT,
    CONFIG_KIND_REDDIT,
    CONFIG_KIND_MEDIUM,
    CONFIG_KIND_WORDPRESS,
    CONFIG_KIND_COUNT,
};

/* Bits of config_feed.announce: what arXiv announces beside replacements, which are no news. */
enum config_announce {
    CONFIG_ANNOUNCE_NEW = 1,
    CONFIG_ANNOUNCE_CROSS = 2,
};

/* What becomes of release candidates, nightlies and the like of a repository. */
enum config_prereleases {
    CONFIG_PRERELEASES_FOLD, /* one candidate, the newest */
    CONFIG_PRERELEASES_KEEP, /* as any release */
    CONFIG_PRERELEASES_DROP, /* stored, but no candidates */
};

struct config_feed {
    const char *name; /* unique; shown as the source unless `source` says otherwise */
    const char *url;
    const char *source;    /* label printed after the title */
    const char *section;   /* section id that gets a prior vote, or NULL */
    double section_weight; /* of that vote */
    const char *language;  /* BCP 47, or NULL */
    const char **
        require; /* topic names, one of which must match ("*" is spelled out); empty: no gate */
    size_t require_count;
    const char **allow; /* "host:port" the address guard lets through for this feed */
    size_t allow_count;
    double weight;          /* added to the relevance of its items */
    int64_t min_interval_s; /* 0: the polling section's */
    int64_t max_interval_s; /* 0: the polling section's */
    size_t max_items;       /* newest entries taken from one document; 0: all */
    bool enabled;
    enum config_kind kind;
    enum config_kind recognised; /* what source_kind() found; CONFIG_KIND_AUTO: not asked yet */
    unsigned announce;           /* enum config_announce; 0 means new */
    enum config_prereleases prereleases;
    int line;              /* 0: feeds.conf does not name it, the editor added it */
    int64_t added_utc_s;   /* when the editor added it; 0: never, it is feeds.conf's alone */
    int64_t changed_utc_s; /* when the editor last changed what feeds.conf says; 0: never */
};

/* A pause of its own for a host and its subdomains: "arxiv.org" covers rss.arxiv.org. */
struct config_host {
    const char *name;
    int64_t pause_ms;
    int line;
};

struct config_polling {
    int64_t min_interval_s;
    int64_t max_interval_s;
    int64_t timeout_s; /* for a whole request, redirects included */
    int64_t connect_timeout_s;
    size_t concurrency; /* requests at a time */
    size_t max_bytes;   /* of a body after decompression */
    size_t max_redirects;
    int64_t host_pause_ms; /* between two requests to one host */
    const char *user_agent;
    const char **allow; /* private destinations that every feed may be fetched from */
    size_t allow_count;
    const char *rsshub; /* the editor's own RSSHub, for sites without feeds; NULL: none */
    struct config_host *hosts;
    size_t host_count;
    int line; /* 0: the file has no such section */
};

/* Words the renderers print; a newsletter in another language changes them here. */
struct config_labels {
    const char *guide;              /* 导读： */
    const char *guide_count;        /* "本次{count}条。" */
    const char *summary;            /* 摘要： */
    const char *link;               /* 链接： */
    const char *title;              /* 标题： */
    const char *project;            /* 项目： */
    const char *code;               /* 代码： */
    const char *paper;              /* 论文： */
    const char *note;               /* 注： */
    const char *open_bracket;       /* 「 around a section's short title in the guide */
    const char *close_bracket;      /* 」 */
    const char *item_separator;     /* 、 between items of a guide group */
    const char *group_separator;    /* ； between groups */
    const char *sentence_end;       /* 。 */
    const char *source_separator;   /* " | " */
    const char *prefix_separator;   /* ： */
    const char *archive;            /* 往期回顾 */
    const char *headline_separator; /* ： between the heading's date and a headline */
    const char *references; /* 参考链接: over the addresses that WeChat cannot link */
};

struct config_briefing {
    const char *title; /* 嵌入式AI简报 */
    const char *tagline;
    const char *language;       /* BCP 47: zh-CN */
    const char *homepage;       /* URL of the archive heading, or NULL */
    int64_t interval_s;         /* between two issues */
    int64_t utc_offset_s;       /* the day an issue is dated by: 8 h for Beijing */
    const char *lead_in;        /* line before the warm-up list */
    const char *note;           /* line after it and at the end, without the 注： */
    const char *front_matter;   /* lines between the leading --- and ---, or NULL */
    const char *archive_anchor; /* day of an issue that ends a row of the archive table; NULL:
                                   the oldest */
    const char *footer;         /* Markdown after the archive, or NULL */
    const char *output_folder;
    const char *file_name;   /* "{date}.md" */
    const char *mail_from;   /* of the .eml: "name <address>" or "address"; NULL: a draft */
    const char *mail_to;     /* the same; NULL: nobody yet */
    size_t summary_length;   /* characters a suggested summary may have */
    double uncertain_margin; /* a verdict with a smaller margin is shown as uncertain */
    bool check_links;        /* the check before publishing asks whether links open */
    bool commit;             /* `git commit` of each file that is published */
    bool learner;            /* what the editor decides changes how items are judged */
    struct config_labels labels;
};

/* When two items are one text or one event; see briefing/story.h for what is measured. */
struct config_stories {
    int64_t window_s;                   /* how long a story takes in new items */
    int64_t near_window_s;              /* how long a near-duplicate is looked for */
    double near_title, near_text;       /* of two items alone */
    double crowded_title, crowded_text; /* among many */
    double latin, han;                  /* one event in other words, by script */
    double lead_language, lead_original, lead_summary; /* points: who speaks for a story */
};

struct config_server {
    const char *listen;    /* "127.0.0.1:8080" or "[::1]:8080" */
    const char *base_path; /* "/briefing": what a proxy puts before all paths; NULL: none */
    struct config_words proxies; /* addresses and networks whose X-Forwarded-* are believed */
    struct config_words names;   /* hosts it is asked for by, beside this machine's own */
    int64_t session_idle_s;      /* a session ends this long after it was seen last, */
    int64_t session_max_s;       /* and this long after it began */
};

/* What happens to the database by itself. */
struct config_care {
    const char *backup_folder; /* NULL: "backups" beside the database */
    int64_t backup_every_s;
    size_t backup_keep;   /* so many of the newest; 0: none is made by itself */
    int64_t keep_items_s; /* of what nobody decided on, storage/retention.h; 0: for ever */
};

struct config {
    /* frozen */
    const char *path;    /* as given, for messages */
    uint64_t rules_hash; /* of everything that changes a verdict: sections, topics, vendors,
                            feeds' votes */
    struct config_briefing briefing;
    struct config_section *sections;
    size_t section_count;
    struct config_topic *topics;
    size_t topic_count;
    struct config_vendor *vendors;
    size_t vendor_count;
    struct config_feed *feeds;
    struct config_feed *written_feeds; /* the same feeds before anything was filled in that
                                          follows from the rest: for overlay and export */
    size_t feed_count;
    struct config_words venues; /* whose name with a year is a tag: CVPR2021; as they write
                                   themselves */
    struct config_words tracking_parameters; /* feed/tracking.h */
    struct config_polling polling;
    struct config_stories stories;
    struct config_server server;
    const char *database; /* path of the SQLite file, relative to the working directory */
    struct config_care care;

    /* Whose it is, from here on; what stands above is frozen. */
    struct config *base; /* whose strings it borrows, with a reference; NULL: its own alone */
    struct arena arena;
    _Atomic int references;
};

/* Read `path`. On success the caller holds one reference (config_unref). On failure returns
 * NULL and `problems` (initialised by the caller) holds at least one entry; a file that cannot
 * be opened is a problem with line 0. Warnings (problem.warning) do not make it fail. Loop
 * thread. */
must_check struct config *config_load(const char *path, struct problems *problems);

/* The same, but what could be read is returned also when the file has errors
 * (problems->error_count), so that a second reader, of keywords above all, can find what else
 * is wrong with it: an editor mends the file in one go. NULL when there is no text at all. */
must_check struct config *config_load_with_errors(const char *path, struct problems *problems);

/* The same from memory; `path` is only for messages. For tests and fuzzing. */
must_check struct config *config_parse(
    const char *text, const char *path, struct problems *problems);

/* A part of a file that holds nothing but rules (schema_rules): sections with rules, topics,
 * vendors; everything else of the configuration is zero. For config/patch.h. */
must_check struct config *config_parse_rules(
    const char *text, size_t length, const char *path, struct problems *problems);

struct config *config_ref(struct config *config);

/* A copy of `base` to be changed before anybody else sees it. What is not replaced stays in the
 * arena of `base`, which it holds. The caller has the one reference. */
struct config *config_derive(struct config *base);
/* Everything that `from` says, borrowed from it; nothing of what owns it. An assignment would
 * read the count of references as well, which other threads change. */
void config_copy_values(const struct config *from, struct config *to);
void config_unref(struct config *config);
/* for cleanup(): unrefs *config when it is not NULL */
void config_unrefp(struct config **config);

/* Index of a section by id, or -1. */
int config_find_section(const struct config *config, const char *id);

/* A feed by name, or NULL. */
const struct config_feed *config_find_feed(const struct config *config, const char *name);

#endif
