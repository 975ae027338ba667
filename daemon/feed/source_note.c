/* Phrases, not structure: error pages change their layout with every release and keep their
 * words. Each row has been seen in the issues of the project it names. Looked for in the first
 * 64 KiB, for RSSHub's page has its style sheet before its message. */
#include "feed/source_note.h"

#include <string.h>

#include "base/attributes.h"

enum { LOOK_BYTES = 64 << 10, DETAIL_BYTES = 200 };

static const struct source_note_words notes[SOURCE_NOTE_COUNT] = {
    [SOURCE_NOTE_NONE] = {NULL, false, NULL, NULL},
    [SOURCE_NOTE_NOTHING_NOW] = {"nothing-now", false, "nothing new there at the moment",
        "那边暂时没有新内容"},
    [SOURCE_NOTE_NO_ARTICLES] = {"no-articles", false,
        "the bridge answers, but has no articles: look at its reading account",
        "能取到，但一篇文章也没有；看看桥接服务里的读书账号"},
    [SOURCE_NOTE_ROUTE_FAILS] = {"route-fails", true,
        "RSSHub could not read the site behind this route", "RSSHub 没能读到原站"},
    [SOURCE_NOTE_RSSHUB_REFUSES] = {"rsshub-refuses", true,
        "the public RSSHub refuses programs: run an instance of your own",
        "公共 RSSHub 不再给程序用，需要自己架一个"},
    [SOURCE_NOTE_ACCOUNT_LOCKED] = {"account-locked", true,
        "the bridge's WeChat reading account is locked for today (小黑屋)",
        "桥接服务的读书账号进了小黑屋"},
    [SOURCE_NOTE_ACCOUNT_EXPIRED] = {"account-expired", true,
        "the login of the bridge's WeChat account has expired: scan its code again",
        "桥接服务的微信登录过期了，要重新扫码"},
    [SOURCE_NOTE_NO_ACCOUNT] = {"no-account", true,
        "the bridge has no WeChat reading account that works: log one in",
        "桥接服务里没有可用的读书账号，要登录一个"},
    [SOURCE_NOTE_ARXIV_ERROR] = {"arxiv-error", true, "arXiv does not understand this address",
        "arXiv 不认这个地址"},
    [SOURCE_NOTE_COMMENTS] = {"comments", true,
        "this is the feed of comments, not of posts: take /feed/ instead of /comments/feed/",
        "这是评论的订阅，不是文章的；把 /comments/feed/ 换成 /feed/"},
    [SOURCE_NOTE_BROWSER_CHECK] = {"browser-check", true,
        "the site lets only browsers pass (a Cloudflare check)",
        "网站只放行浏览器（Cloudflare 验证）"},
};

static const struct {
    enum config_kind kind; /* AUTO: any */
    int status_from, status_to;
    const char *phrase;
    enum source_note note;
    bool quotes; /* the text from the phrase to the next tag is worth quoting */
} answers[] = {
    {CONFIG_KIND_AUTO, 200, 599, "restrict access to rsshub.app", SOURCE_NOTE_RSSHUB_REFUSES,
        false},
    {CONFIG_KIND_AUTO, 200, 599, "rsshub.app is intended for testing",
        SOURCE_NOTE_RSSHUB_REFUSES, false},
    {CONFIG_KIND_AUTO, 200, 599, "<title>Just a moment...", SOURCE_NOTE_BROWSER_CHECK, false},
    {CONFIG_KIND_AUTO, 200, 599, "<title>Attention Required! | Cloudflare",
        SOURCE_NOTE_BROWSER_CHECK, false},
    /* 404 up to 2020, 503 since */
    {CONFIG_KIND_RSSHUB, 404, 599, "this route is empty", SOURCE_NOTE_NOTHING_NOW, false},
    {CONFIG_KIND_RSSHUB, 500, 599, "Error: ", SOURCE_NOTE_ROUTE_FAILS, true},
    {CONFIG_KIND_RSSHUB, 500, 599, "Error message: ", SOURCE_NOTE_ROUTE_FAILS, true},
    {CONFIG_KIND_WECHAT, 200, 599, "小黑屋", SOURCE_NOTE_ACCOUNT_LOCKED, false},
    {CONFIG_KIND_WECHAT, 200, 599, "WeReadError429", SOURCE_NOTE_ACCOUNT_LOCKED, false},
    {CONFIG_KIND_WECHAT, 200, 599, "微信风控", SOURCE_NOTE_ACCOUNT_LOCKED, false},
    {CONFIG_KIND_WECHAT, 200, 599, "暂无可用读书账号", SOURCE_NOTE_NO_ACCOUNT, false},
    {CONFIG_KIND_WECHAT, 200, 599, "暂时没有可用读书账号", SOURCE_NOTE_NO_ACCOUNT, false},
    {CONFIG_KIND_WECHAT, 200, 599, "WeReadError401", SOURCE_NOTE_ACCOUNT_EXPIRED, false},
    {CONFIG_KIND_WECHAT, 200, 599, "Token 失效", SOURCE_NOTE_ACCOUNT_EXPIRED, false},
    {CONFIG_KIND_WECHAT, 200, 599, "账号失效", SOURCE_NOTE_ACCOUNT_EXPIRED, false},
    {CONFIG_KIND_WECHAT, 200, 599, "重新扫码", SOURCE_NOTE_ACCOUNT_EXPIRED, false},
    {CONFIG_KIND_WECHAT, 200, 599, "登录超时", SOURCE_NOTE_ACCOUNT_EXPIRED, false},
    {CONFIG_KIND_WECHAT, 200, 599, "登录失效", SOURCE_NOTE_ACCOUNT_EXPIRED, false},
    {CONFIG_KIND_ARXIV, 400, 599, "Feed error for query", SOURCE_NOTE_ARXIV_ERROR, true},
};

const struct source_note_words *source_note_words(enum source_note note)
{
    return &notes[note];
}

enum source_note source_note_of_word(const char *word)
{
    for (int i = SOURCE_NOTE_NONE + 1; word != NULL && i < SOURCE_NOTE_COUNT; i++) {
        if (strcmp(notes[i].word, word) == 0) {
            return (enum source_note)i;
        }
    }
    return SOURCE_NOTE_NONE;
}

/* Bytes of one line of text at `text`, up to the next tag, whole characters only. */
static size_t measure_detail(const char *text, size_t length)
{
    size_t end = 0;
    while (end < length && end < DETAIL_BYTES && text[end] != '<' &&
        (unsigned char)text[end] >= 0x20) {
        end++;
    }
    while (end > 0 && end < length && ((unsigned char)text[end] & 0xc0) == 0x80) {
        end--;
    }
    return end;
}

enum source_note source_note_of_answer(enum config_kind kind, int status, const char *body,
    size_t length, const char **ret_detail, size_t *ret_length)
{
    *ret_detail = body;
    *ret_length = 0;
    size_t window = length < LOOK_BYTES ? length : LOOK_BYTES;
    for (size_t i = 0; body != NULL && i < array_count(answers); i++) {
        bool fits = (answers[i].kind == CONFIG_KIND_AUTO || answers[i].kind == kind) &&
            status >= answers[i].status_from && status <= answers[i].status_to;
        const char *found = fits
            ? memmem(body, window, answers[i].phrase, strlen(answers[i].phrase))
            : NULL;
        if (found != NULL && answers[i].quotes) {
            *ret_detail = found;
            *ret_length = measure_detail(found, window - (size_t)(found - body));
        }
        if (found != NULL) {
            return answers[i].note;
        }
    }
    return SOURCE_NOTE_NONE;
}
