/* What the pages share that stand alone with a few words in the middle: the login, and what a
 * browser is told when there is nothing to show.
 *
 * Colours, measures and type are the desk's (web/desk/src/styles/tokens.css). They are written
 * out here because such a page is served before anybody may see the desk's files, or because
 * there is no desk. Rejected: a style sheet of its own address, which would be one more request
 * and one more thing that may be missing just then.
 */
#ifndef WEB_SERVER_SMALL_PAGE_H
#define WEB_SERVER_SMALL_PAGE_H

/* A format of the beginning, whose one value is the language; <title> follows. */
#define SMALL_PAGE_HEAD                                                                        \
    "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"                  \
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"               \
    "<meta name=\"color-scheme\" content=\"light dark\">\n"                                    \
    "<meta name=\"robots\" content=\"noindex\">\n"

#define SMALL_PAGE_STYLE                                                                       \
    ":root{color-scheme:light dark;--surface:#fff;--hover:#0a5c81;--line:#e4e7ea;"             \
    "--edge:#878f98;--ink:#15181c;--ink-2:#474e57;--ink-3:#5f6770;--fill:#0b6790;"             \
    "--on-fill:#fff;--bad:#b0261d;--bad-bg:#fdf0ee}\n"                                         \
    "@media (prefers-color-scheme:dark){:root{--surface:#15181b;--hover:#7ecbea;"              \
    "--line:#262b30;--edge:#6e7781;--ink:#e9ebed;--ink-2:#b4bbc3;--ink-3:#8f98a1;"             \
    "--fill:#63bde2;--on-fill:#06222f;--bad:#f2938b;--bad-bg:#2e1b1a}}\n"                      \
    "*{box-sizing:border-box;margin:0}\n"                                                      \
    "html{background:var(--surface);color:var(--ink);-webkit-text-size-adjust:none;"           \
    "text-size-adjust:none}\n"                                                                 \
    "body{display:grid;place-content:center;min-height:100dvh;padding:24px;font:400 "          \
    "13px/20px "                                                                               \
    "-apple-system,BlinkMacSystemFont,\"Segoe UI\",\"PingFang SC\",\"Microsoft YaHei\","       \
    "\"Noto Sans CJK SC\",\"Noto Sans SC\",sans-serif;font-variant-numeric:tabular-nums;"      \
    "line-break:strict;text-autospace:normal}\n"                                               \
    "h1{font-size:22px;line-height:32px;font-weight:600;text-wrap:balance}\n"                  \
    ".quiet{color:var(--ink-3)}\n"                                                             \
    ":focus-visible{outline:2px solid var(--fill);outline-offset:2px;border-radius:6px}\n"

#endif
