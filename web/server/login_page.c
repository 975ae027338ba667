/* The words are the desk's as well; the page stands alone because it is served before anybody
 * may see the desk's files, and once. */
#include "web/server/login_page.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "briefing/markup.h"
#include "web/server/small_page.h"

enum { MINUTE_S = 60, DAY_S = 86400 };

static const char style[] = SMALL_PAGE_STYLE
    "form{display:grid;gap:16px;width:min(320px,calc(100vw - 48px))}\n"
    ".alert{padding:8px 10px;border-radius:6px;background:var(--bad-bg);color:var(--bad)}\n"
    ".field span{display:block;margin-block-end:2px;color:var(--ink-3);font-size:12px}\n"
    "input,button{font:inherit;color:inherit}\n"
    ".field input{display:block;width:100%;min-height:40px;padding:9px;border:1px solid "
    "var(--edge);border-radius:6px;background:var(--surface);font-size:16px}\n"
    ".field input[aria-invalid=true]{border-color:var(--bad)}\n"
    ".remember{display:flex;align-items:center;gap:8px;min-height:24px;"
    "accent-color:var(--fill)}\n"
    "button{height:44px;border:0;border-radius:6px;background:var(--fill);color:var(--on-fill);"
    "font-weight:600;cursor:pointer}\n"
    "button:hover{background:var(--hover)}\n";

struct words {
    const char *language, *login, *purpose, *name, *password, *remember;
    const char *trouble[4]; /* {} is the guesses left, then {} the minutes */
};

static const struct words words[] = {
    {"en", "Log in", "Log in to go on with the next issue", "Name", "Password",
        "Keep me logged in on this computer for {} days",
        {"", "Wrong name or password. After {} more wrong ones, wait {} min",
            "Wrong name or password. Wait {} min before the next try",
            "Too many tries. Come back in {} min"}},
    {"zh-CN", "登录", "登录后继续编下一期", "用户名", "密码", "在这台电脑上保持登录 {} 天",
        {"", "用户名或密码不对。再错 {} 次，要等 {} 分钟",
            "用户名或密码不对。要等 {} 分钟才能再试", "试得太多了，{} 分钟以后再来"}},
};

bool login_is_place(const char *path)
{
    for (const char *at = path; *at != '\0'; at++) {
        if ((unsigned char)*at <= 0x20 || *at == 0x7f || *at == '\\') {
            return false;
        }
    }
    return path[0] == '/' && path[1] != '/';
}

bool login_wants_chinese(const char *accept_language, bool otherwise)
{
    const char *at = accept_language == NULL ? "" : accept_language;
    for (; *at != '\0'; at += strcspn(at, ","), at += strspn(at, ", ")) {
        at += strspn(at, ", ");
        if (strncasecmp(at, "zh", 2) == 0 || strncasecmp(at, "en", 2) == 0) {
            return (at[0] | 0x20) == 'z';
        }
    }
    return otherwise;
}

/* `pattern` with its first {} replaced, up to the next one; the rest of it. */
static const char *write_count(const char *pattern, int64_t count, struct buffer *out)
{
    const char *mark = strstr(pattern, "{}");
    if (mark == NULL) {
        buffer_puts(out, pattern);
        return "";
    }
    buffer_append(out, pattern, (size_t)(mark - pattern));
    buffer_printf(out, "%lld", (long long)count);
    return mark + 2;
}

static void write_trouble(
    const struct login_page *page, const struct words *said, struct buffer *out)
{
    const char *rest = said->trouble[page->trouble];
    if (page->trouble == LOGIN_NO_TROUBLE) {
        return;
    }
    buffer_puts(out, "<p class=\"alert\" role=\"alert\">");
    if (page->trouble == LOGIN_WRONG) {
        rest = write_count(rest, page->left, out);
    }
    rest = write_count(rest, (page->wait_s + MINUTE_S - 1) / MINUTE_S, out);
    buffer_puts(out, rest);
    buffer_puts(out, "</p>\n");
}

static void write_fields(
    const struct login_page *page, const struct words *said, struct buffer *out)
{
    bool wrong = page->trouble == LOGIN_WRONG || page->trouble == LOGIN_LAST;
    buffer_printf(out,
        "<label class=\"field\"><span>%s</span><input name=\"name\" "
        "autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" "
        "maxlength=\"100\" required%s value=\"",
        said->name, page->name == NULL ? " autofocus" : "");
    markup_write_text(page->name, out);
    buffer_printf(out,
        "\"></label>\n<label class=\"field\"><span>%s</span><input "
        "type=\"password\" name=\"password\" autocomplete=\"current-password\" "
        "required%s%s></label>\n",
        said->password, page->name == NULL ? "" : " autofocus",
        wrong ? " aria-invalid=\"true\"" : "");
    buffer_puts(out, "<label class=\"remember\"><input type=\"checkbox\" name=\"remember\"> ");
    buffer_puts(out, write_count(said->remember, page->remembered_s / DAY_S, out));
    buffer_puts(out, "</label>\n<input type=\"hidden\" name=\"next\" value=\"");
    markup_write_text(page->next, out);
    buffer_printf(out, "\">\n<button>%s</button>\n", said->login);
}

void login_page_write(const struct login_page *page, struct buffer *out)
{
    const struct words *said = &words[page->chinese];
    buffer_printf(out, SMALL_PAGE_HEAD "<title>%s · ", said->language, said->login);
    markup_write_text(page->title, out);
    buffer_printf(out,
        "</title>\n<link rel=\"icon\" type=\"image/svg+xml\" href=\"favicon.ico\">\n"
        "<style>%s</style>\n</head>\n<body>\n<main>\n<form method=\"post\" action=\"login\">\n"
        "<div><h1>",
        style);
    markup_write_text(page->title, out);
    buffer_printf(out, "</h1><p class=\"quiet\">%s</p></div>\n", said->purpose);
    write_trouble(page, said, out);
    write_fields(page, said, out);
    buffer_puts(out, "</form>\n</main>\n</body>\n</html>\n");
}
