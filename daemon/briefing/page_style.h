/* The style of the draft's page, inline because the page must read the same when saved to a
 * file.
 *
 * Set for Chinese: 16/28 px, lines of at most 40 Han characters, strict line breaking, a little
 * air between Han and Latin where the browser knows how, weights 400 and 600 only (Han fonts
 * have nothing between). Colours are contrast-checked pairs (4.5:1 or better) on a 4 px grid.
 * Dark follows the system. In print the page loses everything that can only be clicked and
 * shows addresses instead.
 */
#ifndef BRIEFING_PAGE_STYLE_H
#define BRIEFING_PAGE_STYLE_H

static const char page_style[] =
    ":root{color-scheme:light dark;--bg:#f4f5f6;--surface:#fff;--line:#e4e7ea;--ink:#15181c;"
    "--ink-2:#474e57;--ink-3:#5f6770;--accent:#0b6790;--chip:#eef0f2;--warn:#855600;"
    "--edge:#878f98}\n"
    "@media (prefers-color-scheme:dark){:root{--bg:#0e1012;--surface:#15181b;--line:#262b30;"
    "--ink:#e9ebed;--ink-2:#b4bbc3;--ink-3:#8f98a1;--accent:#63bde2;--chip:#22272c;--warn:#"
    "e3b25c;"
    "--edge:#6e7781}}\n"
    "*,::before,::after{box-sizing:border-box}\n"
    "html{-webkit-text-size-adjust:none;text-size-adjust:none;background:var(--bg);"
    "scroll-padding-top:16px}\n"
    "body{margin:0;padding:32px 16px 64px;color:var(--ink);font:400 16px/28px -apple-system,"
    "BlinkMacSystemFont,\"Segoe UI\",\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\","
    "\"Noto Sans SC\",sans-serif;font-variant-numeric:tabular-nums;line-break:strict;"
    "overflow-wrap:anywhere;text-autospace:normal;text-spacing-trim:trim-start}\n"
    "main{max-width:736px;margin:0 auto;padding:40px 48px 48px;background:var(--surface);"
    "border:1px solid var(--line);border-radius:10px}\n"
    "h1,h2,h3,p,ul{margin:0}\n"
    "ul{padding:0;list-style:none}\n"
    "h1{font-size:22px;line-height:32px;font-weight:600;text-wrap:balance}\n"
    "h1 time{font-weight:400;color:var(--ink-3);white-space:nowrap}\n"
    "h2{font-size:18px;line-height:28px;font-weight:600}\n"
    "h3{font-size:16px;line-height:28px;font-weight:600}\n"
    "a{color:inherit;text-decoration:underline 1px var(--edge);text-underline-offset:4px}\n"
    "a:hover{color:var(--accent);text-decoration-color:currentColor}\n"
    ":focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}\n"
    "nav ul{display:flex;flex-wrap:wrap;gap:4px 20px;margin-top:16px;font-size:14px}\n"
    "nav a{text-decoration:none;color:var(--accent)}\n"
    "nav a:hover{text-decoration:underline}\n"
    ".tagline{margin-top:4px;color:var(--ink-2)}\n"
    ".state,.meta,.count,.note,.more{font-size:13px;line-height:20px;color:var(--ink-3)}\n"
    ".state{margin-bottom:8px}\n"
    ".guide{margin-top:24px;padding:16px 20px;background:var(--chip);border-radius:6px}\n"
    ".guide b{font-weight:600}\n"
    "section{margin-top:40px}\n"
    "section>h2{padding-bottom:8px;border-bottom:1px solid var(--line)}\n"
    ".count{font-weight:400;margin-inline-start:8px}\n"
    ".lead,.note,.empty{margin-top:12px}\n"
    ".lead,.empty{color:var(--ink-2)}\n"
    ".lines{margin-top:12px}\n"
    ".lines li{padding-inline-start:20px;position:relative}\n"
    ".lines li+li{margin-top:8px}\n"
    ".lines li::before{content:\"\";position:absolute;left:4px;top:11px;width:5px;height:5px;"
    "border-radius:50%;background:var(--ink-3)}\n"
    ".lines b{font-weight:600}\n"
    "article{margin-top:24px}\n"
    ".tag{font-weight:400;color:var(--ink-3);margin-inline-end:6px}\n"
    ".source{font-weight:400;color:var(--ink-3)}\n"
    "article p{color:var(--ink-2);margin-top:4px}\n"
    "article .meta{color:var(--ink-3);margin-top:8px}\n"
    ".meta>*+*::before{content:\"·\";margin:0 6px;color:var(--ink-3)}\n"
    ".unsure{color:var(--warn)}\n"
    "details{margin-top:24px;font-size:14px;line-height:24px}\n"
    "summary{cursor:pointer;color:var(--ink-3);font-size:13px}\n"
    "details li{margin-top:8px}\n"
    "details .meta{display:block}\n"
    "footer{max-width:736px;margin:16px auto 0;padding:0 48px}\n"
    "@media (max-width:720px){body{padding:0 0 48px}main{padding:24px 20px 32px;border-width:0 "
    "0 "
    "1px;border-radius:0}footer{padding:0 20px}.guide{margin-inline:-20px;border-radius:0}"
    "nav a,summary{display:inline-block;padding:6px 0}}\n"
    "@media print{:root{color-scheme:light;--bg:#fff;--surface:#fff;--line:#bbb;--ink:#000;"
    "--ink-2:#222;--ink-3:#555;--accent:#000;--chip:#fff}body{padding:0;font-size:10.5pt;"
    "line-height:1.7}main{max-width:none;padding:0;border:0}nav,details,footer,.state{display:"
    "none}"
    ".guide{padding:0}section{margin-top:24pt}h2,h3{break-after:avoid}article,li{break-inside:"
    "avoid}"
    "a{text-decoration:none}article h3 a::after{content:\" (\" attr(href) "
    "\")\";font-weight:400;"
    "font-size:8pt;color:#555}}\n";

#endif
