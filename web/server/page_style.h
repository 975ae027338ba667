/* The style of the page at "/".
 *
 * Colours are contrast-checked pairs (4.5:1 or better for text), spaces lie on a 4 px grid,
 * weights are 400 and 600 only because Han fonts often have nothing between. Reading text is
 * 16/28 px; what only helps to decide is smaller and quieter. From 1100 px the navigation
 * stands beside the text and stays; below it is a row above; a phone has no frame at all.
 * Inline, and allowed by its hash in the content security policy. One string a rule, as ISO C
 * limits the length of one.
 */
#ifndef WEB_SERVER_PAGE_STYLE_H
#define WEB_SERVER_PAGE_STYLE_H

/* clang-format off */
static const char *const page_style[] = {
    ":root{color-scheme:light dark;--bg:#f4f5f6;--surface:#fff;--line:#e4e7ea;--ink:#15181c;"
    "--ink-2:#474e57;--ink-3:#5f6770;--accent:#0b6790;--chip:#eef0f2;--hover:#f3f5f6;"
    "--warn:#855600;--warn-bg:#fcf5e6;--bad:#b0261d;--bad-bg:#fdf0ee}\n",
    "@media (prefers-color-scheme:dark){:root{--bg:#0e1012;--surface:#15181b;--line:#262b30;"
    "--ink:#e9ebed;--ink-2:#b4bbc3;--ink-3:#8f98a1;--accent:#63bde2;--chip:#22272c;"
    "--hover:#1b1f23;--warn:#e3b25c;--warn-bg:#2a2316;--bad:#f2938b;--bad-bg:#2e1b1a}}\n",
    "*,::before,::after{box-sizing:border-box}\n",
    "html{-webkit-text-size-adjust:none;text-size-adjust:none;background:var(--bg);"
    "scroll-padding-top:16px}\n",
    "body{margin:0;color:var(--ink);font:400 16px/28px -apple-system,BlinkMacSystemFont,"
    "\"Segoe UI\",\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",\"Noto Sans SC\","
    "sans-serif;font-variant-numeric:tabular-nums;line-break:strict;overflow-wrap:anywhere;"
    "text-autospace:normal;text-spacing-trim:trim-start}\n",
    "h1,h2,h3,p,ul{margin:0}\n",
    "ul{padding:0;list-style:none}\n",
    "h1{font-size:22px;line-height:32px;font-weight:600;text-wrap:balance}\n",
    "h1 time{font-weight:400;color:var(--ink-3);white-space:nowrap;margin-inline-start:4px}\n",
    "h2{font-size:18px;line-height:28px;font-weight:600;padding-bottom:8px;"
    "border-bottom:1px solid var(--line)}\n",
    "h3{font-size:16px;line-height:26px;font-weight:600;text-wrap:pretty}\n",
    "b{font-weight:600}\n",
    "a{color:inherit;text-decoration:none}\n",
    "main a:hover{color:var(--accent);text-decoration:underline;text-underline-offset:4px}\n",
    ":focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}\n",
    "body{padding:24px 16px 64px}\n",
    "nav,main{max-width:768px;margin:0 auto}\n",
    "main{padding:32px 48px 40px;background:var(--surface);border:1px solid var(--line);"
    "border-radius:10px}\n",
    "nav{display:flex;flex-wrap:wrap;gap:0 20px;padding:0 0 12px;font-size:13px;"
    "line-height:32px;color:var(--ink-3)}\n",
    "nav ul{display:flex;flex-wrap:wrap;gap:0 20px}\n",
    "nav a{color:var(--ink-2);white-space:nowrap}\n",
    "nav a:hover{color:var(--accent)}\n",
    ".count{font-size:12px;font-weight:400;color:var(--ink-3);margin-inline-start:6px}\n",
    ".meta,.tagline{font-size:13px;line-height:20px;color:var(--ink-3)}\n",
    ".meta>*+*::before{content:\"·\";margin:0 6px;color:var(--ink-3)}\n",
    ".meta time,header .meta span{white-space:nowrap}\n",
    ".tagline{font-size:14px;line-height:24px;color:var(--ink-2);margin-top:4px}\n",
    "header h1{margin-top:4px}\n",
    ".guide{margin-top:20px;padding:14px 20px;background:var(--chip);border-radius:6px;"
    "font-size:15px;line-height:28px}\n",
    "section{margin-top:40px}\n",
    "article{padding:18px 0 0}\n",
    "article p{color:var(--ink-2);font-size:15px;line-height:26px;margin-top:4px}\n",
    "article .meta{font-size:13px;line-height:20px;color:var(--ink-3);margin-top:2px}\n",
    ".source{color:var(--ink-2)}\n",
    ".warn,.count.warn{color:var(--warn)}\n",
    ".bad{color:var(--bad)}\n",
    ".empty{margin-top:12px;color:var(--ink-2)}\n",
    ".lines{margin-top:8px}\n",
    ".lines li{padding-top:8px}\n",
    ".lines a{margin-inline-end:10px}\n",
    ".lines .meta{display:inline-block}\n",
    ".others .meta{display:block}\n",
    "details{margin-top:20px;font-size:14px;line-height:22px}\n",
    "details+details{margin-top:4px}\n",
    "summary{cursor:pointer;color:var(--ink-2);font-size:13px;padding:4px 0;width:fit-content}\n",
    "summary:hover{color:var(--accent)}\n",
    "details li{padding:8px 0;border-bottom:1px solid var(--line)}\n",
    "details li:last-child{border-bottom:0}\n",
    "details .meta{font-size:12px;line-height:18px}\n",
    ".feeds li{display:grid;grid-template-columns:88px minmax(0,1fr);gap:0 16px;"
    "padding:10px 0;border-bottom:1px solid var(--line);font-size:14px;line-height:22px}\n",
    ".feeds li>span{font-size:13px;color:var(--ink-3)}\n",
    ".feeds li>.bad{color:var(--bad)}.feeds li>.warn{color:var(--warn)}\n",
    ".feeds li:last-child{border-bottom:0}\n",
    ".feeds .meta[lang]{font-size:12px;line-height:18px}\n",
    ".feeds.short li,[lang=en] .feeds.short li{grid-template-columns:minmax(0,1fr) minmax(0,1fr);"
    "padding:5px 0}\n",
    "[lang=en] .feeds li{grid-template-columns:120px minmax(0,1fr)}\n",
    ".feeds.short .meta{font-size:12px;line-height:22px}\n",
    "footer{margin-top:40px;padding-top:16px;border-top:1px solid var(--line)}\n",
    "@media (min-width:1100px){body{display:grid;grid-template-columns:184px 768px;"
    "justify-content:center;align-items:start;gap:40px;padding-top:40px}"
    "nav,main{margin:0}nav{position:sticky;top:40px;display:block;padding:0;line-height:20px}"
    "nav ul{display:block}nav li{display:block}"
    "nav a{display:flex;justify-content:space-between;padding:6px 8px;border-radius:6px;"
    "margin-inline:-8px}nav a:hover{background:var(--chip)}"
    "nav p{margin:20px 0 4px;font-size:12px}}\n",
    "@media (max-width:720px){body{padding:0}main{padding:20px 20px 48px;border-width:1px 0 0;"
    "border-radius:0}nav{padding:8px 20px}nav,nav ul{gap:0 16px}nav a{display:inline-block;"
    "padding:6px 0}.guide{margin-inline:-20px;padding-inline:20px;border-radius:0}"
    "summary{padding:8px 0}.lines .meta{display:block}.feeds li,[lang=en] .feeds li{grid-template-columns:minmax(0,1fr)}}\n",
    "@media print{:root{color-scheme:light;--bg:#fff;--surface:#fff;--line:#bbb;--ink:#000;"
    "--ink-2:#222;--ink-3:#555;--accent:#000;--chip:#fff}body{display:block;padding:0;"
    "font-size:10.5pt}main{max-width:none;padding:0;border:0}nav,details,#sources,footer"
    "{display:none}.guide{padding:0}h2,h3{break-after:avoid}article,li{break-inside:avoid}}\n",
};
/* clang-format on */

#endif
