/* One verdict, then one sentence for it. The verdict asks the questions in the order in which
 * an answer makes the rest moot: a paused feed is not failing, a failing one is not silent.
 *
 * The sentences of failures come from a table by HTTP status and fault kind, because the stored
 * error is English and technical; in English the stored sentence itself is the better text.
 */
#include "web/server/feed_health.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "feed/source.h"
#include "feed/source_note.h"
#include "web/server/snapshot.h"

enum {
    DAY_S = 86400,
    SILENT_AFTER_S = 30 * DAY_S, /* no feed an editor chose is expected to rest for a month */
    SILENT_INTERVALS = 5,        /* … unless the schedule learned that it is slower */
};

/* Kinds of sources that are expected more often than once a month. */
static const struct {
    enum config_kind kind;
    int64_t silent_after_s;
} expected[] = {
    /* Daily, but for weekends: from Friday's midnight Eastern to that of a Tuesday after a
     * holiday are four days, and one more for a late batch. */
    {CONFIG_KIND_ARXIV, 5 * DAY_S},
};

enum feed_language feed_language_of(const char *tag)
{
    return tag != NULL && strncasecmp(tag, "zh", 2) == 0 && (tag[2] == '\0' || tag[2] == '-')
        ? FEED_CHINESE
        : FEED_ENGLISH;
}

static int64_t patience_with(const struct feed_state *state, const struct config_feed *feed)
{
    enum config_kind kind = source_kind(feed);
    for (size_t i = 0; i < array_count(expected); i++) {
        if (expected[i].kind == kind) {
            return expected[i].silent_after_s;
        }
    }
    int64_t patience_s = SILENT_INTERVALS * state->interval_s;
    return patience_s < SILENT_AFTER_S ? SILENT_AFTER_S : patience_s;
}

static bool is_silent(
    const struct feed_state *state, const struct config_feed *feed, int64_t now_utc_s)
{
    if (source_note_of_word(state->note) == SOURCE_NOTE_NO_ARTICLES) {
        return true;
    }
    int64_t patience_s = patience_with(state, feed);
    return state->newest_entry_utc_s != CLOCK_NONE &&
        now_utc_s - state->newest_entry_utc_s > patience_s;
}

enum feed_condition feed_condition(
    const struct feed_state *state, const struct config_feed *feed, int64_t now_utc_s)
{
    if (feed == NULL || !feed->enabled) {
        return FEED_PAUSED;
    }
    if (state->gone) {
        return FEED_GONE;
    }
    if (state->failures > 0 || state->error != NULL) {
        return FEED_FAILING;
    }
    if (state->last_success_utc_s == CLOCK_NONE) {
        return FEED_NEW;
    }
    if (state->bozo) {
        return FEED_MALFORMED;
    }
    return is_silent(state, feed, now_utc_s) ? FEED_SILENT : FEED_OK;
}

static const struct {
    const char *word;
    const char *labels[2]; /* by enum feed_language */
} conditions[FEED_CONDITION_COUNT] = {
    [FEED_GONE] = {"gone", {"Needs you", "等你处理"}},
    [FEED_FAILING] = {"failing", {"Failing", "出错"}},
    [FEED_MALFORMED] = {"malformed", {"Malformed", "格式有错"}},
    [FEED_SILENT] = {"silent", {"Silent longer than usual", "太安静"}},
    [FEED_NEW] = {"new", {"Not asked yet", "还没取过"}},
    [FEED_OK] = {"ok", {"Fine", "正常"}},
    [FEED_PAUSED] = {"paused", {"Paused", "已暂停"}},
};

const char *feed_condition_word(enum feed_condition condition)
{
    return conditions[condition].word;
}

const char *feed_condition_label(enum feed_condition condition, enum feed_language language)
{
    return conditions[condition].labels[language];
}

/* ---- sentences ---- */

/* What an error means, by the first row that fits. */
static const char *find_cause(const struct feed_state *state)
{
    static const struct {
        int status_from, status_to; /* 0, 0: whatever the status */
        const char *kind;           /* NULL: whatever the kind */
        const char *text;
    } causes[] = {
        {401, 401, NULL, "要求登录（401）"},
        {403, 403, NULL, "拒绝访问（403）"},
        {404, 404, NULL, "找不到这个地址（404）"},
        {406, 406, NULL, "拒绝访问（406）"},
        {429, 429, NULL, "太频繁（429）"},
        {503, 503, NULL, "对方暂时不提供服务（503）"},
        {0, 0, "parse", "收到的内容不是订阅源"},
        {0, 0, "limit", "超过了大小或时间的限制"},
        {500, 599, NULL, "对方的服务器出错"},
        {400, 499, NULL, "对方不接受这个请求"},
        {0, 0, "network", "连不上对方的服务器"},
        {0, 0, "config", "地址有误"},
        {0, 0, "cancelled", "上一次取到一半中断了"},
        {0, 0, "store", "取到了，但没有存上"},
    };
    const struct source_note_words *noted = source_note_words(source_note_of_word(state->note));
    if (noted->word != NULL && noted->failure) {
        return noted->chinese;
    }
    for (size_t i = 0; i < array_count(causes); i++) {
        bool status_fits = causes[i].status_to == 0 ||
            (state->status >= causes[i].status_from && state->status <= causes[i].status_to);
        bool kind_fits = causes[i].kind == NULL ||
            (state->error_kind != NULL && strcmp(causes[i].kind, state->error_kind) == 0);
        if (status_fits && kind_fits) {
            return causes[i].text;
        }
    }
    return "上一次没有取到";
}

/* "22:40" today, else "11-23 08:00", the year when it is another one. */
static void write_when(int64_t utc_s, int64_t offset_s, int64_t now_utc_s, struct buffer *out)
{
    char then[CLOCK_ISO_BYTES], today[CLOCK_ISO_BYTES], iso[CLOCK_ISO_BYTES];
    clock_format_day(utc_s, offset_s, then);
    clock_format_day(now_utc_s, offset_s, today);
    if (strncmp(then, today, 4) != 0) {
        buffer_printf(out, "%s ", then);
    } else if (strcmp(then, today) != 0) {
        buffer_printf(out, "%s ", then + 5);
    }
    buffer_printf(out, "%.5s", clock_format_iso(utc_s + offset_s, iso) + 11);
}

static void write_next(const char *before, const char *after, const struct feed_state *state,
    int64_t offset_s, int64_t now_utc_s, struct buffer *out)
{
    if (state->next_poll_utc_s != CLOCK_NONE) {
        buffer_puts(out, before);
        write_when(state->next_poll_utc_s, offset_s, now_utc_s, out);
        buffer_puts(out, after);
    }
}

/* What the kind of its source has to say of a feed that is not failing, else NULL. */
static const char *find_remark(const struct feed_row *row, enum feed_language language)
{
    const struct feed_state *state = row->state;
    const struct source_note_words *words = source_note_words(source_note_of_word(state->note));
    if (words->word != NULL && !words->failure) {
        return language == FEED_CHINESE ? words->chinese : words->english;
    }
    if (row->condition == FEED_OK && state->entries == 0 &&
        source_kind(row->feed) == CONFIG_KIND_ARXIV) {
        return language == FEED_CHINESE ? "今天没有公布新论文，周末和假日向来如此"
                                        : "nothing announced today, as on weekends and "
                                          "holidays";
    }
    return NULL;
}

const char *feed_health_cause(const struct feed_row *row, enum feed_language language)
{
    if (row->condition == FEED_FAILING) {
        return language == FEED_CHINESE ? find_cause(row->state) : row->state->error;
    }
    return row->feed == NULL ? NULL : find_remark(row, language);
}

static int64_t days_since(int64_t then_utc_s, int64_t now_utc_s)
{
    return (now_utc_s - then_utc_s) / DAY_S;
}

static void write_english(
    const struct feed_row *row, int64_t offset_s, int64_t now_utc_s, struct buffer *out)
{
    const struct feed_state *state = row->state;
    char day[CLOCK_ISO_BYTES];
    const char *zone = offset_s == 0 ? " UTC" : "";
    const char *remark = find_remark(row, FEED_ENGLISH);
    switch (row->condition) {
    case FEED_GONE:
        buffer_puts(out,
            "Gone for good (410). It is not asked again until the configuration "
            "names another address.");
        break;
    case FEED_FAILING:
        buffer_puts(out, state->error != NULL ? state->error : "The last poll failed");
        buffer_puts(out, ". ");
        if (state->failures > 1) {
            buffer_printf(out, "%d times in a row. ", state->failures);
        }
        write_next("Next try at ", zone, state, offset_s, now_utc_s, out);
        buffer_puts(out, state->next_poll_utc_s != CLOCK_NONE ? "." : "It is tried again.");
        break;
    case FEED_MALFORMED:
        buffer_printf(out, "Malformed; %d items read all the same.", state->entries);
        break;
    case FEED_SILENT:
        if (remark != NULL) {
            buffer_printf(out, "Answers: %s.", remark);
            break;
        }
        buffer_printf(out, "Answers, but brought nothing new since %s, %" PRId64 " days ago.",
            clock_format_day(state->newest_entry_utc_s, offset_s, day),
            days_since(state->newest_entry_utc_s, now_utc_s));
        break;
    case FEED_NEW:
        buffer_puts(out, "Not asked yet");
        write_next("; first time at ", zone, state, offset_s, now_utc_s, out);
        buffer_putc(out, '.');
        break;
    case FEED_OK:
        if (remark != NULL) {
            buffer_printf(out, "Fine; %s.", remark);
            break;
        }
        buffer_printf(out, "Fine; %d entries at the last look", state->entries);
        if (state->newest_entry_utc_s != CLOCK_NONE) {
            buffer_printf(out, ", the newest of %s",
                clock_format_day(state->newest_entry_utc_s, offset_s, day));
        }
        buffer_putc(out, '.');
        break;
    case FEED_PAUSED:
    case FEED_CONDITION_COUNT:
        buffer_puts(out,
            row->feed == NULL ? "No longer in the configuration; not asked."
                              : "Switched off in the configuration; not asked.");
        break;
    }
}

/* A short status ends without a full stop. */
static void write_chinese(
    const struct feed_row *row, int64_t offset_s, int64_t now_utc_s, struct buffer *out)
{
    const struct feed_state *state = row->state;
    char day[CLOCK_ISO_BYTES];
    const char *remark = find_remark(row, FEED_CHINESE);
    switch (row->condition) {
    case FEED_GONE:
        buffer_puts(out, "已关闭（410），不再去取；换个地址或从配置里删掉");
        break;
    case FEED_FAILING:
        buffer_puts(out, find_cause(state));
        if (state->failures > 1) {
            buffer_printf(out, "，连续 %d 次", state->failures);
        }
        if (state->status == 429) {
            write_next("，对方要求 ", " 以后再来", state, offset_s, now_utc_s, out);
        } else {
            write_next("，", " 再试", state, offset_s, now_utc_s, out);
        }
        break;
    case FEED_MALFORMED:
        buffer_printf(out, "格式有错，读出了 %d 条", state->entries);
        break;
    case FEED_SILENT:
        if (remark != NULL) {
            buffer_puts(out, remark);
            break;
        }
        buffer_printf(out, "能取到，但 %s 以后没有新内容，已经 %" PRId64 " 天",
            clock_format_day(state->newest_entry_utc_s, offset_s, day),
            days_since(state->newest_entry_utc_s, now_utc_s));
        break;
    case FEED_NEW:
        buffer_puts(out, "还没取过");
        write_next("，", " 第一次去取", state, offset_s, now_utc_s, out);
        break;
    case FEED_OK:
        if (remark != NULL) {
            buffer_puts(out, remark);
            break;
        }
        buffer_printf(out, "上次读到 %d 条", state->entries);
        if (state->newest_entry_utc_s != CLOCK_NONE) {
            buffer_printf(out, "，最新的是 %s",
                clock_format_day(state->newest_entry_utc_s, offset_s, day));
        }
        break;
    case FEED_PAUSED:
    case FEED_CONDITION_COUNT:
        buffer_puts(out, row->feed == NULL ? "已经不在配置里，不再去取" : "配置里关掉了");
        break;
    }
}

void feed_health_write(const struct feed_row *row, enum feed_language language,
    int64_t offset_s, int64_t now_utc_s, struct buffer *out)
{
    (language == FEED_CHINESE ? write_chinese : write_english)(row, offset_s, now_utc_s, out);
}

const char *feed_health(const struct feed_state *state, const struct config_feed *feed,
    int64_t now_utc_s, struct buffer *out)
{
    struct feed_row row = {state, feed, feed_condition(state, feed, now_utc_s)};
    feed_health_write(&row, FEED_ENGLISH, 0, now_utc_s, out);
    return feed_condition_word(row.condition);
}
