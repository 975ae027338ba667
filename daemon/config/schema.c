/* The tables. Ranges exist to catch a slip of the pen (a feed polled every second, a limit of
 * 400 items), not to legislate: each is an order of magnitude beyond what a newsletter needs.
 */
#include "config/schema.h"

#include <string.h>

#include "base/attributes.h"
#include "config/config.h"

#define FIELD(type, field) .offset = offsetof(struct type, field)
#define LIST(type, field, count)                                                               \
    FIELD(type, field), .count_offset = offsetof(struct type, count)

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

static const struct schema_key label_keys[] = {
    {"guide", SCHEMA_TEXT, FIELD(config_labels, guide), .fallback = "导读："},
    {"guide_count", SCHEMA_TEXT, FIELD(config_labels, guide_count), .holds = "{count}",
        .fallback = "本次{count}条。", .example = "\"本次{count}条。\""},
    {"summary", SCHEMA_TEXT, FIELD(config_labels, summary), .fallback = "摘要："},
    {"link", SCHEMA_TEXT, FIELD(config_labels, link), .fallback = "链接："},
    {"title", SCHEMA_TEXT, FIELD(config_labels, title), .fallback = "标题："},
    {"project", SCHEMA_TEXT, FIELD(config_labels, project), .fallback = "项目："},
    {"code", SCHEMA_TEXT, FIELD(config_labels, code), .fallback = "代码："},
    {"paper", SCHEMA_TEXT, FIELD(config_labels, paper), .fallback = "论文："},
    {"note", SCHEMA_TEXT, FIELD(config_labels, note), .fallback = "注："},
    {"open_bracket", SCHEMA_SEPARATOR, FIELD(config_labels, open_bracket), .fallback = "「"},
    {"close_bracket", SCHEMA_SEPARATOR, FIELD(config_labels, close_bracket), .fallback = "」"},
    {"item_separator", SCHEMA_SEPARATOR, FIELD(config_labels, item_separator),
        .fallback = "、"},
    {"group_separator", SCHEMA_SEPARATOR, FIELD(config_labels, group_separator),
        .fallback = "；"},
    {"sentence_end", SCHEMA_SEPARATOR, FIELD(config_labels, sentence_end), .fallback = "。"},
    {"source_separator", SCHEMA_SEPARATOR, FIELD(config_labels, source_separator),
        .fallback = " | "},
    {"prefix_separator", SCHEMA_SEPARATOR, FIELD(config_labels, prefix_separator),
        .fallback = "："},
    {"headline_separator", SCHEMA_SEPARATOR, FIELD(config_labels, headline_separator),
        .fallback = "："},
    {"archive", SCHEMA_TEXT, FIELD(config_labels, archive), .fallback = "往期回顾"},
    {"references", SCHEMA_TEXT, FIELD(config_labels, references), .fallback = "参考链接"},
};

static const struct schema_section labels_section = {
    .name = "labels",
    .keys = label_keys,
    .key_count = array_count(label_keys),
    .bytes = sizeof(struct config_labels),
    .line_offset = SCHEMA_NO_FIELD,
};

static const struct schema_key briefing_keys[] = {
    {"title", SCHEMA_TEXT, FIELD(config_briefing, title), .required = true,
        .example = "\"嵌入式AI简报\""},
    {"tagline", SCHEMA_TEXT, FIELD(config_briefing, tagline)},
    {"language", SCHEMA_LANGUAGE, FIELD(config_briefing, language), .fallback = "zh-CN"},
    {"homepage", SCHEMA_URL, FIELD(config_briefing, homepage)},
    {"interval", SCHEMA_SECONDS, FIELD(config_briefing, interval_s), .fallback = "14d",
        .min = HOUR_S, .max = 366.0 * DAY_S, .example = "14d"},
    {"utc_offset", SCHEMA_UTC_OFFSET, FIELD(config_briefing, utc_offset_s),
        .fallback = "+08:00"},
    {"lead_in", SCHEMA_TEXT, FIELD(config_briefing, lead_in)},
    {"note", SCHEMA_TEXT, FIELD(config_briefing, note)},
    {"front_matter", SCHEMA_PARAGRAPH, FIELD(config_briefing, front_matter)},
    {"footer", SCHEMA_PARAGRAPH, FIELD(config_briefing, footer)},
    {"archive_anchor", SCHEMA_TEXT, FIELD(config_briefing, archive_anchor)},
    {"output_folder", SCHEMA_TEXT, FIELD(config_briefing, output_folder), .fallback = "issues"},
    {"file_name", SCHEMA_FILE_NAME, FIELD(config_briefing, file_name), .fallback = "{date}.md",
        .holds = "{date}", .example = "\"{date}.md\""},
    {"mail_from", SCHEMA_MAILBOX, FIELD(config_briefing, mail_from)},
    {"mail_to", SCHEMA_MAILBOX, FIELD(config_briefing, mail_to)},
    {"summary_length", SCHEMA_COUNT, FIELD(config_briefing, summary_length), .fallback = "280",
        .min = 20, .max = 20000},
    {"uncertain_margin", SCHEMA_NUMBER, FIELD(config_briefing, uncertain_margin),
        .fallback = "0.2", .min = 0, .max = 1},
    {"check_links", SCHEMA_BOOLEAN, FIELD(config_briefing, check_links), .fallback = "false"},
    {"commit", SCHEMA_BOOLEAN, FIELD(config_briefing, commit), .fallback = "false"},
    {"learner", SCHEMA_BOOLEAN, FIELD(config_briefing, learner), .fallback = "true"},
    {"labels", SCHEMA_SECTION, FIELD(config_briefing, labels), .section = &labels_section},
};

static const struct schema_section briefing_section = {
    .name = "briefing",
    .keys = briefing_keys,
    .key_count = array_count(briefing_keys),
    .bytes = sizeof(struct config_briefing),
    .line_offset = SCHEMA_NO_FIELD,
};

#define WEIGHT_MAX 100

static const struct schema_key rule_keys[] = {
    {"weight", SCHEMA_NUMBER, FIELD(config_rule, weight), .fallback = "1", .min = -WEIGHT_MAX,
        .max = WEIGHT_MAX},
    {"final", SCHEMA_BOOLEAN, FIELD(config_rule, final), .fallback = "false"},
    {"keywords", SCHEMA_WORDS, FIELD(config_rule, keywords), .required = true,
        .example = "{ \"量化\", \"quantiz*\" }"},
};

static const struct schema_section rule_section = {
    .name = "rule",
    .keys = rule_keys,
    .key_count = array_count(rule_keys),
    .bytes = sizeof(struct config_rule),
    .titled = true,
    .title_kind = SCHEMA_TEXT,
    .title_offset = offsetof(struct config_rule, name),
    .line_offset = offsetof(struct config_rule, line),
};

static const struct schema_key section_keys[] = {
    {"title", SCHEMA_TEXT, FIELD(config_section, title), .required = true,
        .example = "\"业界新闻\""},
    {"short_title", SCHEMA_TEXT, FIELD(config_section, short_title)},
    {"form", SCHEMA_FORM, FIELD(config_section, form), .fallback = "article"},
    {"note", SCHEMA_TEXT, FIELD(config_section, note)},
    {"limit", SCHEMA_COUNT, FIELD(config_section, limit), .fallback = "5", .max = 100},
    {"fallback", SCHEMA_BOOLEAN, FIELD(config_section, fallback), .fallback = "false"},
    {"overflow_of", SCHEMA_SECTION_NAME, FIELD(config_section, overflow_of)},
    {"rule", SCHEMA_SECTIONS, LIST(config_section, rules, rule_count),
        .section = &rule_section},
};

static const struct schema_section section_section = {
    .name = "section",
    .keys = section_keys,
    .key_count = array_count(section_keys),
    .bytes = sizeof(struct config_section),
    .titled = true,
    .title_kind = SCHEMA_ID,
    .title_offset = offsetof(struct config_section, id),
    .line_offset = offsetof(struct config_section, line),
};

static const struct schema_key topic_keys[] = {
    {"weight", SCHEMA_NUMBER, FIELD(config_topic, rule.weight), .fallback = "1",
        .min = -WEIGHT_MAX, .max = WEIGHT_MAX},
    {"keywords", SCHEMA_WORDS, FIELD(config_topic, rule.keywords), .required = true,
        .example = "{ \"量化\", \"quantiz*\" }"},
};

static const struct schema_section topic_section = {
    .name = "topic",
    .keys = topic_keys,
    .key_count = array_count(topic_keys),
    .bytes = sizeof(struct config_topic),
    .titled = true,
    .title_kind = SCHEMA_TEXT,
    .title_offset = offsetof(struct config_topic, rule.name),
    .line_offset = offsetof(struct config_topic, rule.line),
};

static const struct schema_key vendor_keys[] = {
    {"aliases", SCHEMA_WORDS, FIELD(config_vendor, aliases)},
    {"weight", SCHEMA_NUMBER, FIELD(config_vendor, weight), .fallback = "0.4",
        .min = -WEIGHT_MAX, .max = WEIGHT_MAX},
};

static const struct schema_section vendor_section = {
    .name = "vendor",
    .keys = vendor_keys,
    .key_count = array_count(vendor_keys),
    .bytes = sizeof(struct config_vendor),
    .titled = true,
    .title_kind = SCHEMA_TEXT,
    .title_offset = offsetof(struct config_vendor, name),
    .line_offset = offsetof(struct config_vendor, line),
};

static const char *const kinds[] = {
    [CONFIG_KIND_AUTO] = "auto",
    [CONFIG_KIND_PLAIN] = "plain",
    [CONFIG_KIND_ARXIV] = "arxiv",
    [CONFIG_KIND_GITHUB_RELEASES] = "github-releases",
    [CONFIG_KIND_RSSHUB] = "rsshub",
    [CONFIG_KIND_WECHAT] = "wechat",
    [CONFIG_KIND_REDDIT] = "reddit",
    [CONFIG_KIND_MEDIUM] = "medium",
    [CONFIG_KIND_WORDPRESS] = "wordpress",
    [CONFIG_KIND_COUNT] = NULL,
};

static const char *const announcements[] = {"new", "cross", NULL};

static const char *const prereleases[] = {
    [CONFIG_PRERELEASES_FOLD] = "fold",
    [CONFIG_PRERELEASES_KEEP] = "keep",
    [CONFIG_PRERELEASES_DROP] = "drop",
    NULL,
};

static const struct schema_key feed_keys[] = {
    {"url", SCHEMA_URL, FIELD(config_feed, url), .required = true,
        .example = "\"https://example.org/feed.xml\""},
    {"source", SCHEMA_TEXT, FIELD(config_feed, source)},
    {"section", SCHEMA_SECTION_NAME, FIELD(config_feed, section)},
    {"section_weight", SCHEMA_NUMBER, FIELD(config_feed, section_weight), .fallback = "1",
        .min = -WEIGHT_MAX, .max = WEIGHT_MAX},
    {"language", SCHEMA_LANGUAGE, FIELD(config_feed, language)},
    {"require", SCHEMA_TOPIC_NAMES, LIST(config_feed, require, require_count)},
    {"allow", SCHEMA_DESTINATIONS, LIST(config_feed, allow, allow_count)},
    {"weight", SCHEMA_NUMBER, FIELD(config_feed, weight), .fallback = "0", .min = -WEIGHT_MAX,
        .max = WEIGHT_MAX},
    {"min_interval", SCHEMA_SECONDS, FIELD(config_feed, min_interval_s), .min = MINUTE_S,
        .max = 30.0 * DAY_S, .example = "30m"},
    {"max_interval", SCHEMA_SECONDS, FIELD(config_feed, max_interval_s), .min = MINUTE_S,
        .max = 90.0 * DAY_S, .example = "1d"},
    {"max_items", SCHEMA_COUNT, FIELD(config_feed, max_items), .fallback = "0", .max = 100000},
    {"enabled", SCHEMA_BOOLEAN, FIELD(config_feed, enabled), .fallback = "true"},
    {"kind", SCHEMA_CHOICE, FIELD(config_feed, kind), .fallback = "auto", .choices = kinds},
    {"announce", SCHEMA_FLAGS, FIELD(config_feed, announce), .choices = announcements},
    {"prereleases", SCHEMA_CHOICE, FIELD(config_feed, prereleases), .fallback = "fold",
        .choices = prereleases},
};

const struct schema_section schema_feed = {
    .name = "feed",
    .keys = feed_keys,
    .key_count = array_count(feed_keys),
    .bytes = sizeof(struct config_feed),
    .titled = true,
    .title_kind = SCHEMA_TEXT,
    .title_offset = offsetof(struct config_feed, name),
    .line_offset = offsetof(struct config_feed, line),
};

static const struct schema_key host_keys[] = {
    {"pause", SCHEMA_MILLISECONDS, FIELD(config_host, pause_ms), .required = true,
        .max = HOUR_S * 1000.0, .example = "3s"},
};

static const struct schema_section host_section = {
    .name = "host",
    .keys = host_keys,
    .key_count = array_count(host_keys),
    .bytes = sizeof(struct config_host),
    .titled = true,
    .title_kind = SCHEMA_HOST,
    .title_offset = offsetof(struct config_host, name),
    .line_offset = offsetof(struct config_host, line),
};

static const struct schema_key polling_keys[] = {
    {"min_interval", SCHEMA_SECONDS, FIELD(config_polling, min_interval_s), .fallback = "30m",
        .min = MINUTE_S, .max = 30.0 * DAY_S, .example = "30m"},
    {"max_interval", SCHEMA_SECONDS, FIELD(config_polling, max_interval_s), .fallback = "1d",
        .min = MINUTE_S, .max = 90.0 * DAY_S, .example = "1d"},
    {"timeout", SCHEMA_SECONDS, FIELD(config_polling, timeout_s), .fallback = "60s", .min = 1,
        .max = HOUR_S, .example = "60s"},
    {"connect_timeout", SCHEMA_SECONDS, FIELD(config_polling, connect_timeout_s),
        .fallback = "15s", .min = 1, .max = HOUR_S, .example = "15s"},
    {"concurrency", SCHEMA_COUNT, FIELD(config_polling, concurrency), .fallback = "16",
        .min = 1, .max = 512},
    {"max_bytes", SCHEMA_SIZE, FIELD(config_polling, max_bytes), .fallback = "16M", .min = 1024,
        .max = 1024.0 * 1024 * 1024, .example = "16M"},
    {"max_redirects", SCHEMA_COUNT, FIELD(config_polling, max_redirects), .fallback = "8",
        .max = 50},
    {"host_pause", SCHEMA_MILLISECONDS, FIELD(config_polling, host_pause_ms), .fallback = "1s",
        .max = HOUR_S * 1000.0, .example = "1s"},
    {"user_agent", SCHEMA_TEXT, FIELD(config_polling, user_agent),
        .fallback = "Mozilla/5.0 (compatible; briefd/" BRIEFD_VERSION ")"},
    {"allow", SCHEMA_DESTINATIONS, LIST(config_polling, allow, allow_count)},
    {"rsshub", SCHEMA_URL, FIELD(config_polling, rsshub), .example = "http://127.0.0.1:1200"},
    {"host", SCHEMA_SECTIONS, LIST(config_polling, hosts, host_count),
        .section = &host_section},
};

static const struct schema_section polling_section = {
    .name = "polling",
    .keys = polling_keys,
    .key_count = array_count(polling_keys),
    .bytes = sizeof(struct config_polling),
    .line_offset = offsetof(struct config_polling, line),
};

/* The defaults are story_defaults of briefing/story.h; a test holds them together. */
static const struct schema_key story_keys[] = {
    {"window", SCHEMA_SECONDS, FIELD(config_stories, window_s), .fallback = "3d", .min = HOUR_S,
        .max = 30.0 * DAY_S, .example = "3d"},
    {"near_window", SCHEMA_SECONDS, FIELD(config_stories, near_window_s), .fallback = "14d",
        .min = HOUR_S, .max = 60.0 * DAY_S, .example = "14d"},
    {"near_title", SCHEMA_NUMBER, FIELD(config_stories, near_title), .fallback = "0.55",
        .min = 0.01, .max = 1},
    {"near_text", SCHEMA_NUMBER, FIELD(config_stories, near_text), .fallback = "0.28",
        .min = 0.01, .max = 1},
    {"crowded_title", SCHEMA_NUMBER, FIELD(config_stories, crowded_title), .fallback = "0.6",
        .min = 0.01, .max = 1},
    {"crowded_text", SCHEMA_NUMBER, FIELD(config_stories, crowded_text), .fallback = "0.48",
        .min = 0.01, .max = 1},
    {"latin", SCHEMA_NUMBER, FIELD(config_stories, latin), .fallback = "0.095", .min = 0.01,
        .max = 1},
    {"han", SCHEMA_NUMBER, FIELD(config_stories, han), .fallback = "0.8", .min = 0.01,
        .max = 1},
    {"lead_language", SCHEMA_NUMBER, FIELD(config_stories, lead_language), .fallback = "4",
        .min = 0, .max = WEIGHT_MAX},
    {"lead_original", SCHEMA_NUMBER, FIELD(config_stories, lead_original), .fallback = "2",
        .min = 0, .max = WEIGHT_MAX},
    {"lead_summary", SCHEMA_NUMBER, FIELD(config_stories, lead_summary), .fallback = "1",
        .min = 0, .max = WEIGHT_MAX},
};

static const struct schema_section stories_section = {
    .name = "stories",
    .keys = story_keys,
    .key_count = array_count(story_keys),
    .bytes = sizeof(struct config_stories),
    .line_offset = SCHEMA_NO_FIELD,
};

/* Where an accepted paper of the field, and of the machines it runs on, appears. */
static const char venues[] =
    "AAAI, ACCV, ACL, ACML, AISTATS, ASPLOS, BMVC, CGO, CIKM, COLING, COLT, "
    "CVPR, CoRL, DAC, ECAI, ECCV, ECML, EMNLP, EMSOFT, EuroSys, FCCM, FPGA, "
    "HPCA, ICASSP, ICCAD, ICCD, ICCV, ICDM, ICIP, ICLR, ICML, ICPP, ICPR, ICRA, "
    "ICS, IJCAI, IJCNN, INFOCOM, INTERSPEECH, Interspeech, IPDPS, IROS, ISCA, "
    "ISCAS, ISLPED, ISMAR, ISPASS, ISSCC, KDD, MICRO, MLSys, MMSys, MobiCom, "
    "MobiSys, NAACL, NIPS, NSDI, NeurIPS, OSDI, PACT, PLDI, PPoPP, RTAS, RTSS, "
    "SIGGRAPH, SIGIR, SIGMOD, SOSP, SenSys, SysML, UAI, VLDB, VLSI, WACV, WSDM";

static const struct schema_key server_keys[] = {
    {"listen", SCHEMA_ADDRESS, FIELD(config_server, listen), .fallback = "127.0.0.1:8080"},
    {"base_path", SCHEMA_PATH, FIELD(config_server, base_path), .example = "\"/briefing\""},
    {"proxies", SCHEMA_NETWORKS, FIELD(config_server, proxies),
        .example = "{ \"127.0.0.1\", \"10.0.0.0/8\" }"},
    {"names", SCHEMA_WORDS, FIELD(config_server, names)},
    {"session_idle", SCHEMA_SECONDS, FIELD(config_server, session_idle_s), .fallback = "12h",
        .min = 5 * MINUTE_S, .max = 90.0 * DAY_S, .example = "12h"},
    {"session_max", SCHEMA_SECONDS, FIELD(config_server, session_max_s), .fallback = "30d",
        .min = 5 * MINUTE_S, .max = 366.0 * DAY_S, .example = "30d"},
};

static const struct schema_section server_section = {
    .name = "server",
    .keys = server_keys,
    .key_count = array_count(server_keys),
    .bytes = sizeof(struct config_server),
    .line_offset = SCHEMA_NO_FIELD,
};

static const struct schema_key root_keys[] = {
    {"briefing", SCHEMA_SECTION, FIELD(config, briefing), .section = &briefing_section,
        .required = true, .example = "{ title = \"…\" }"},
    {"section", SCHEMA_SECTIONS, LIST(config, sections, section_count),
        .section = &section_section, .required = true,
        .example = "\"news\" { title = \"…\" fallback = true }"},
    {"topic", SCHEMA_SECTIONS, LIST(config, topics, topic_count), .section = &topic_section},
    {"vendor", SCHEMA_SECTIONS, LIST(config, vendors, vendor_count),
        .section = &vendor_section},
    {"feed", SCHEMA_SECTIONS, LIST(config, feeds, feed_count), .section = &schema_feed,
        .required = true, .example = "\"name\" { url = \"https://…\" }"},
    {"venues", SCHEMA_WORDS, FIELD(config, venues), .fallback = venues},
    {"tracking_parameters", SCHEMA_PARAMETERS, FIELD(config, tracking_parameters)},
    {"polling", SCHEMA_SECTION, FIELD(config, polling), .section = &polling_section},
    {"stories", SCHEMA_SECTION, FIELD(config, stories), .section = &stories_section},
    {"server", SCHEMA_SECTION, FIELD(config, server), .section = &server_section},
    {"database", SCHEMA_TEXT, FIELD(config, database), .fallback = "briefd.sqlite"},
    {"backup_folder", SCHEMA_TEXT, FIELD(config, care.backup_folder)},
    {"backup_every", SCHEMA_SECONDS, FIELD(config, care.backup_every_s), .fallback = "1d",
        .min = 10 * MINUTE_S, .max = 366.0 * DAY_S, .example = "1d"},
    {"backup_keep", SCHEMA_COUNT, FIELD(config, care.backup_keep), .fallback = "7",
        .max = 1000},
    {"keep_items", SCHEMA_SECONDS, FIELD(config, care.keep_items_s), .fallback = "180d",
        .max = 36600.0 * DAY_S, .example = "180d"},
};

const struct schema_section schema_root = {
    .name = "",
    .keys = root_keys,
    .key_count = array_count(root_keys),
    .bytes = sizeof(struct config),
    .line_offset = SCHEMA_NO_FIELD,
};

static const struct schema_key ruled_section_keys[] = {
    {"rule", SCHEMA_SECTIONS, LIST(config_section, rules, rule_count),
        .section = &rule_section},
};

static const struct schema_section ruled_section = {
    .name = "section",
    .keys = ruled_section_keys,
    .key_count = array_count(ruled_section_keys),
    .bytes = sizeof(struct config_section),
    .titled = true,
    .title_kind = SCHEMA_ID,
    .title_offset = offsetof(struct config_section, id),
    .line_offset = offsetof(struct config_section, line),
};

static const struct schema_key rules_keys[] = {
    {"section", SCHEMA_SECTIONS, LIST(config, sections, section_count),
        .section = &ruled_section},
    {"topic", SCHEMA_SECTIONS, LIST(config, topics, topic_count), .section = &topic_section},
    {"vendor", SCHEMA_SECTIONS, LIST(config, vendors, vendor_count),
        .section = &vendor_section},
};

const struct schema_section schema_rules = {
    .name = "",
    .keys = rules_keys,
    .key_count = array_count(rules_keys),
    .bytes = sizeof(struct config),
    .line_offset = SCHEMA_NO_FIELD,
};

const struct schema_key *schema_find(
    const struct schema_section *section, const char *name, size_t length)
{
    for (size_t i = 0; i < section->key_count; i++) {
        const char *known = section->keys[i].name;
        if (strncmp(known, name, length) == 0 && known[length] == '\0') {
            return &section->keys[i];
        }
    }
    return NULL;
}

bool schema_is_words(enum schema_kind kind)
{
    return kind == SCHEMA_WORDS || kind == SCHEMA_PARAMETERS || kind == SCHEMA_NETWORKS;
}

bool schema_is_list(enum schema_kind kind)
{
    return schema_is_words(kind) || kind == SCHEMA_TOPIC_NAMES || kind == SCHEMA_DESTINATIONS ||
        kind == SCHEMA_FLAGS;
}

bool schema_is_section(enum schema_kind kind)
{
    return kind == SCHEMA_SECTION || kind == SCHEMA_SECTIONS;
}
