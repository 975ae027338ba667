/* One test a kind of mistake: the whole report, with its lines, as `briefd check` prints it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config/config.h"

#define BRIEFING "briefing { title = \"T\" }\n"
#define SECTION "section news { title = \"N\" fallback = true }\n"
#define FEED "feed F { url = \"https://example.org/f\" }\n"
#define REST BRIEFING SECTION FEED

struct refusal {
    const char *name;
    const char *text;
    const char *expected; /* without "c: " and "c:" before every line */
};

static const struct refusal refusals[] = {
    /* keys */
    {"an_unknown_key_names_the_nearest",
        "briefing { title = \"T\"\nintervall = 3d }\n" SECTION FEED,
        "2: error: unknown key 'intervall' in briefing: write 'interval'\n"},
    {"an_unknown_key_of_another_section_is_sent_there",
        "\nfeed A {\nurl = \"http://a\"\nlimit = 3 }\n" REST,
        "4: error: unknown key 'limit' in feed 'A': it belongs in section { … }\n"},
    {"an_unknown_key_like_nothing_lists_the_keys", "server { zzz = 1 }\n" REST,
        "1: error: unknown key 'zzz' in server: the keys here are listen, base_path, proxies, "
        "names, session_idle, "
        "session_max\n"},
    {"a_secret_is_not_taken_from_the_file", "server { password = \"x\" }\n" REST,
        "1: error: unknown key 'password' in server: no secret is read from this file but "
        "a feed's user and password, in its url; accounts are made with 'briefd user add'\n"},
    {"unknown_keys_with_lists_and_sections_are_skipped_whole",
        "colours = { a, b }\nextra \"x\" { y { z = 1 } }\nserver { listen = 7 }\n" REST,
        "1: error: unknown key 'colours' in the file: the keys here are briefing, section, "
        "topic, "
        "vendor, feed, venues, tracking_parameters, polling, stories, server, database, "
        "backup_folder, "
        "backup_every, backup_keep, keep_items\n"
        "2: error: unknown key 'extra' in the file: the keys here are briefing, section, "
        "topic, "
        "vendor, feed, venues, tracking_parameters, polling, stories, server, database, "
        "backup_folder, "
        "backup_every, backup_keep, keep_items\n"
        "3: error: listen in server: '7' is no address with a port: write \"127.0.0.1:8080\" "
        "or "
        "\"[::1]:8080\"\n"},
    {"a_key_written_twice_names_the_first", "database = a\n\ndatabase = b\n" REST,
        "3: error: 'database' is written twice in the file: line 1 has it already\n"},
    {"a_section_written_twice_is_one_too_many", BRIEFING BRIEFING SECTION FEED,
        "2: error: 'briefing' is written twice in the file: line 1 has it already\n"},
    {"a_key_without_equals_is_shown_how", "feed A { url \"http://a\" }\n" REST,
        "1: error: 'url' has no '=': write url = \"https://example.org/feed.xml\"\n"},
    {"a_key_without_value_is_shown_how", "feed A {\nurl =\nsource = \"x\" }\n" REST,
        "2: error: 'url' has no value: write url = \"https://example.org/feed.xml\"\n"},
    {"appending_is_refused",
        "feed A { url = \"http://a\" require += { \"x\" } }\ntopic x { keywords = {k} }\n" REST,
        "1: error: '+=' is not known here: write '=' and the whole list\n"},
    /* what must be there */
    {"an_empty_file_lacks_three_things", "",
        " error: the file has no briefing: write briefing { title = \"…\" }\n"
        " error: the file has no section: write section \"news\" { title = \"…\" fallback = "
        "true }\n"
        " error: the file has no feed: write feed \"name\" { url = \"https://…\" }\n"},
    {"a_missing_required_key_is_shown_how", "\nfeed A { source = \"x\" }\nsection s { }\n" REST,
        "2: error: feed 'A' has no url: write url = \"https://example.org/feed.xml\"\n"
        "3: error: section 's' has no title: write title = \"业界新闻\"\n"},
    {"sections_without_a_fallback_are_refused", "section a { title = A }\n" BRIEFING FEED,
        "1: error: no section is the fallback: write fallback = true in the one that takes "
        "what no "
        "rule claims\n"},
    {"two_fallbacks_are_one_too_many",
        SECTION "section b { title = B fallback = true }\n" BRIEFING FEED,
        "2: error: section 'b' is a fallback and so is 'news' (line 1): only one can be\n"},
    {"a_file_whose_feeds_are_all_disabled_is_refused",
        BRIEFING SECTION "feed A { url = \"http://a\" enabled = no }\n",
        "3: error: no feed is enabled: remove enabled = false from one\n"},
    {"an_empty_keyword_list_is_refused", "topic t {\nkeywords = { } }\n" REST,
        "2: error: the list of 'keywords' is empty: write { \"量化\", \"quantiz*\" }\n"},
    /* values */
    {"a_bad_duration_is_refused", "polling { timeout = soon }\n" REST,
        "1: error: timeout in polling: 'soon' is no duration: write a number with s, m, h, d "
        "or w, "
        "such as 30m, 6h or 2d\n"},
    {"a_duration_needs_its_unit", "polling {\ntimeout = 60 }\n" REST,
        "2: error: timeout in polling: '60' is no duration: write a number with s, m, h, d or "
        "w, such "
        "as 30m, 6h or 2d\n"},
    {"a_duration_out_of_range_says_the_range", "polling { min_interval = 3s }\n" REST,
        "1: error: min_interval in polling: '3s' is out of range: write 1m to 30d\n"},
    {"a_bad_pause_is_refused", "polling { host \"a.org\" {\npause = 3 } }\n" REST,
        "2: error: pause in host 'a.org': '3' is no pause: write a number with ms, s or m, "
        "such as "
        "500ms or 3s\n"},
    {"a_bad_size_is_refused", "polling { max_bytes = 8MB }\n" REST,
        "1: error: max_bytes in polling: '8MB' is no size: write bytes, or a number with K, M "
        "or G, "
        "such as 8M\n"},
    {"a_size_out_of_range_says_the_range", "polling { max_bytes = 9G }\n" REST,
        "1: error: max_bytes in polling: '9G' is out of range: write 1K to 1G\n"},
    {"a_bad_boolean_is_refused", "feed A { url = \"http://a\" enabled = maybe }\n" REST,
        "1: error: enabled in feed 'A': 'maybe' is neither true nor false: write true or "
        "false\n"},
    {"a_bad_number_is_refused", "topic t { weight = lots keywords = { k } }\n" REST,
        "1: error: weight in topic 't': 'lots' is no number: write one such as 2 or 0.5\n"},
    {"infinity_is_no_number", "topic t { weight = inf keywords = { k } }\n" REST,
        "1: error: weight in topic 't': 'inf' is no number: write one such as 2 or 0.5\n"},
    {"a_fraction_is_no_count", "polling { concurrency = 1.5 }\n" REST,
        "1: error: concurrency in polling: '1.5' is no whole number: write one such as 20\n"},
    {"a_bad_form_is_refused", "section s { title = S form = poem }\n" REST,
        "1: error: form in section 's': 'poem' is no form: write article, oneline, paper or "
        "project\n"},
    {"a_bad_kind_lists_the_kinds", "feed A { url = \"http://a\"\nkind = arxive }\n" REST,
        "2: error: kind in feed 'A': 'arxive' is not known here: write auto, plain, arxiv, "
        "github-releases, rsshub, wechat, reddit, medium or wordpress\n"},
    {"replacements_cannot_be_asked_for",
        "feed A { url = \"http://a\" announce = { \"new\",\n\"replace\" } }\n" REST,
        "2: error: announce in feed 'A': 'replace' is not known here: write new or cross\n"},
    {"bad_prereleases_are_refused", "feed A { url = \"http://a\" prereleases = hide }\n" REST,
        "1: error: prereleases in feed 'A': 'hide' is not known here: write fold, keep or "
        "drop\n"},
    {"a_url_must_be_http", "feed A { url = \"ftp://a/b\" }\n" REST,
        "1: error: url in feed 'A': 'ftp://a/b' is no http or https address: write it whole, "
        "such as "
        "\"https://example.org/feed.xml\"\n"},
    {"a_url_needs_a_host", "feed A { url = \"http:///b\" }\n" REST,
        "1: error: url in feed 'A': 'http:///b' names no host: write it whole, such as "
        "\"https://example.org/feed.xml\"\n"},
    {"a_url_holds_no_space", "feed A { url = \"http://a/b c\" }\n" REST,
        "1: error: url in feed 'A': 'http://a/b c' holds a character no address may hold (byte "
        "11): "
        "write it percent-encoded, such as %20 for a space\n"},
    {"an_address_needs_quotes", "feed A {\nurl = http://a/b # here\n}\n" REST,
        "2: error: 'http://a/b' stands without quotes: write it as \"…\"\n"},
    {"a_bad_language_tag_is_refused", "feed A { url = \"http://a\" language = Chinese }\n" REST,
        "1: error: language in feed 'A': 'Chinese' is no language tag: write one such as "
        "\"zh-CN\" or "
        "\"en\"\n"},
    {"a_bad_utc_offset_is_refused", "briefing { title = T utc_offset = 8 }\n" SECTION FEED,
        "1: error: utc_offset in briefing: '8' is no offset from UTC: write \"+08:00\" for "
        "Beijing, "
        "\"+00:00\" for UTC\n"},
    {"a_file_name_holds_the_date",
        "briefing { title = T\nfile_name = \"issue.md\" }\n" SECTION FEED,
        "2: error: file_name in briefing: 'issue.md' lacks {date}: write something like "
        "\"{date}.md\"\n"},
    {"a_file_name_holds_no_folder",
        "briefing { title = T file_name = \"../{date}.md\" }\n" SECTION FEED,
        "1: error: file_name in briefing: '../{date}.md' is no plain file name: write it "
        "without a "
        "folder, such as \"{date}.md\" (the folder is output_folder)\n"},
    {"a_sender_is_a_mail_address",
        "briefing { title = T\nmail_from = \"brief\" }\n" SECTION FEED,
        "2: error: mail_from in briefing: 'brief' is no mail address: write name@example.org, "
        "or "
        "\"嵌入式AI简报 <name@example.org>\"\n"},
    {"a_sender_s_address_stands_between_brackets",
        "briefing { title = T\nmail_from = \"简报 <a@x.example\" }\n" SECTION FEED,
        "2: error: mail_from in briefing: '简报 <a@x.example' is no mail address: write "
        "name@example.org, or "
        "\"嵌入式AI简报 <name@example.org>\"\n"},
    {"a_sender_has_a_domain",
        "briefing { title = T\nmail_from = \"a@x..example\" }\n" SECTION FEED,
        "2: error: mail_from in briefing: 'a@x..example' is no mail address: write "
        "name@example.org, or "
        "\"嵌入式AI简报 <name@example.org>\"\n"},
    {"a_sender_holds_no_second_address",
        "briefing { title = T\nmail_from = \"a@x.example, b@x.example\" }\n" SECTION FEED,
        "2: error: mail_from in briefing: 'a@x.example, b@x.example' is no mail address: write "
        "name@example.org, or "
        "\"嵌入式AI简报 <name@example.org>\"\n"},
    {"a_sender_s_dots_stand_between_letters",
        "briefing { title = T\nmail_from = \"a..b@x.example\" }\n" SECTION FEED,
        "2: error: mail_from in briefing: 'a..b@x.example' is no mail address: write "
        "name@example.org, or "
        "\"嵌入式AI简报 <name@example.org>\"\n"},
    {"a_text_of_several_lines_is_named_by_its_first",
        "briefing { title = T\nfooter = 'a\nb\nc\x01' }\n" SECTION FEED,
        "2: error: footer in briefing: 'a b c ' holds a control character: remove it\n"},
    {"a_value_cut_for_the_report_stays_readable",
        "server { listen = \"量量量量量量量量量量量量量量量量量量量量量量量量量量量量量量\" "
        "}\n" REST,
        "1: error: listen in server: '量量量量量量量量量量量量量量量量量量量量量量量量量量?\?' "
        "is no address with a port: write "
        "\"127.0.0.1:8080\" or \"[::1]:8080\"\n"},
    {"a_section_id_is_a_plain_word", "section \"业界\" { title = S }\n" REST,
        "1: error: the name of this section: '业界' is no id: write a lower-case word of a-z, "
        "0-9 and "
        "-, at most 32 letters, such as \"news\" (what readers see is title)\n"},
    {"a_host_is_no_address", "polling { host \"https://arxiv.org/\" { pause = 3s } }\n" REST,
        "1: error: the name of this host: 'https://arxiv.org/' is no host name: write it "
        "without "
        "scheme and path, such as \"arxiv.org\"\n"},
    {"an_allowed_destination_needs_a_port",
        "feed A { url = \"http://a\" allow = {\n\"rsshub\" } }\n" REST,
        "2: error: allow in feed 'A': 'rsshub' is no host with a port: write "
        "\"rsshub.lan:1200\"\n"},
    {"one_value_takes_no_braces", "feed A { url = { \"http://a\" } }\n" REST,
        "1: error: 'url' takes one value: write it without braces\n"},
    /* names */
    {"an_unknown_section_names_the_nearest",
        "feed A { url = \"http://a\"\nsection = nwes }\n" REST,
        "2: error: feed 'A' names the section 'nwes', which does not exist: write 'news'\n"},
    {"an_unknown_topic_says_how_to_add_it",
        "feed A { url = \"http://a\"\nrequire = {\n\"chips\" } }\n" REST,
        "3: error: feed 'A' names the topic 'chips', which does not exist: add topic \"chips\" "
        "{ … } or "
        "take the name out\n"},
    {"an_unknown_overflow_is_refused", "section b { title = B overflow_of = nex }\n" REST,
        "1: error: section 'b' names the section 'nex', which does not exist: write 'news'\n"},
    {"a_section_is_not_its_own_overflow", "section b { title = B overflow_of = b }\n" REST,
        "1: error: section 'b' is its own overflow_of: name another\n"},
    {"any_topic_needs_one_that_weighs",
        "topic t { weight = 0.5 keywords = { k } }\nfeed A { url = \"http://a\" require = "
        "\"*\" }\n" REST,
        "2: error: feed 'A' requires any topic of weight 1 or more, and there is none: add one "
        "or "
        "remove the \"*\"\n"},
    {"polling_upside_down_is_refused", "\npolling { min_interval = 2d }\n" REST,
        "2: error: polling has a min_interval above its max_interval: swap them\n"},
    {"an_empty_keyword_is_refused", "topic t { keywords = { a,\n\"\" } }\n" REST,
        "2: error: keywords in topic 't': the text is empty: write some or leave the key "
        "out\n"},
    {"two_feeds_of_one_name_are_refused",
        FEED "feed f { url = \"http://a\" }\n" BRIEFING SECTION,
        "2: error: feed 'f' stands twice: line 1 has it already\n"},
    {"two_feeds_at_one_address_are_refused",
        FEED "feed G {\nurl = \"HTTPS://Example.org/f#x\" }\n" BRIEFING SECTION,
        "3: error: feed 'G' has the address of feed 'F' (line 1): remove one of them\n"},
    {"two_sections_of_one_id_are_refused", SECTION "section news { title = M }\n" BRIEFING FEED,
        "2: error: section 'news' stands twice: line 1 has it already\n"},
    {"two_topics_of_one_name_are_refused",
        "topic t { keywords = { k } }\ntopic t { keywords = { l } }\n" REST,
        "2: error: topic 't' stands twice: line 1 has it already\n"},
    {"two_rules_of_one_name_in_a_section_are_refused",
        "section s { title = S\nrule r { keywords = { k } }\nrule r { keywords = { l } } "
        "}\n" REST,
        "3: error: rule 'r' stands twice: line 2 has it already\n"},
    {"a_section_of_one_title_still_has_its_values_checked",
        SECTION "section news { title = M\nlimit = x }\n" BRIEFING FEED,
        "2: error: section 'news' stands twice: line 1 has it already\n"
        "3: error: limit in section 'news': 'x' is no whole number: write one such as 20\n"},
    {"an_alias_belongs_to_one_vendor",
        "vendor A { aliases = { \"ARM\" } }\nvendor B { aliases = {\n\"arm\" } }\n" REST,
        "3: error: alias 'arm' of 'B' belongs to 'A' already (line 1)\n"},
    {"a_vendors_name_is_no_other_vendors_alias",
        "vendor A { aliases = { b } }\nvendor B { }\n" REST,
        "2: error: alias 'B' of 'B' belongs to 'A' already (line 1)\n"},
    {"a_final_rule_cannot_vote_against",
        "section s { title = S rule r { final = yes weight = -1 keywords = { k } } }\n" REST,
        "1: error: rule 'r' is final and cannot vote against: remove the weight\n"},
    {"intervals_upside_down_are_refused",
        "feed A { url = \"http://a\" min_interval = 2h max_interval = 1h }\n" REST,
        "1: error: feed 'A' has a min_interval above its max_interval: swap them\n"},
    /* form */
    {"a_line_without_its_closing_quote_costs_only_itself",
        "database = \"a\nserver { listen = \"x\" }\n" REST,
        "1: error: this text has no closing quote: write \" at its end\n"
        "2: error: listen in server: 'x' is no address with a port: write \"127.0.0.1:8080\" "
        "or "
        "\"[::1]:8080\"\n"},
    {"a_section_without_its_closing_brace_ends_at_the_next",
        "feed A {\nurl = \"http://a\"\nfeed B { url = \"x\" }\n" REST,
        "1: error: feed 'A' is not closed before line 3: write } at its end\n"
        "3: error: url in feed 'B': 'x' is no http or https address: write it whole, such as "
        "\"https://example.org/feed.xml\"\n"},
    {"a_section_open_at_the_end_is_named", REST "feed A {\nurl = \"http://a\"\n",
        "4: error: feed 'A' is never closed: write } at its end\n"},
    {"a_section_without_its_opening_brace_goes_on",
        "feed A\nurl = \"http://a\"\nlimit = 1 }\n" REST,
        "1: error: 'feed' is a section: write {, its keys, and }\n"
        "3: error: unknown key 'limit' in feed 'A': it belongs in section { … }\n"},
    {"a_brace_too_many_is_named", REST "}\n", "4: error: this } closes nothing: remove it\n"},
    {"a_section_without_a_name_is_shown_how", "feed { url = \"http://a\" }\n" REST,
        "1: error: this feed has no name: write feed \"name\" { … }\n"},
    {"a_name_of_two_words_needs_quotes", "feed A B { url = \"http://a\" }\n" REST,
        "1: error: feed takes one name: put it in quotes\n"},
    {"a_section_takes_no_equals", "server = { listen = \"a:1\" }\n" REST,
        "1: error: 'server' is a section: write it without '='\n"},
    {"a_missing_comma_is_named", "topic t { keywords = { \"a\"\n\"b\" } }\n" REST,
        "2: error: write a comma before '\"b\"'\n"},
    {"a_comma_too_many_is_named", "topic t { keywords = { \"a\",, \"b\" } }\n" REST,
        "1: error: a comma too many: remove it\n"},
    {"a_list_without_its_closing_brace_ends_at_the_next_key",
        "topic t { keywords = { \"a\",\n\"b\"\nweight = x }\n" REST,
        "1: error: the list of 'keywords' is never closed: write } at its end\n"
        "3: error: weight in topic 't': 'x' is no number: write one such as 2 or 0.5\n"},
    {"a_pattern_in_double_quotes_would_lose_its_backslash",
        "topic t { keywords = {\n\"/\\d+/\" } }\n" REST,
        "2: error: this backslash means nothing inside \"…\": write \\\\, or put a pattern in "
        "single "
        "quotes\n"},
    {"the_environment_is_not_read", "database = \"${HOME}/x\"\n" REST,
        "1: error: ${ would be filled from the environment: write \\${, or use single "
        "quotes\n"},
    {"an_open_comment_is_named", REST "/* never\nclosed\n",
        "4: error: this comment is never closed: write */ at its end\n"},
    {"a_line_that_is_not_utf8_is_named",
        REST "# caf\xe9\ndatabase = \"\xc0\xaf\xed\xa0\x80\"\n",
        "4: error: this line is not UTF-8: save the file as UTF-8\n"
        "5: error: this line is not UTF-8: save the file as UTF-8\n"},
};

/* The report with the file's name taken off every line. */
static void write_report(struct problems *problems, struct buffer *out)
{
    struct buffer report;
    buffer_init(&report, 1 << 16);
    problems_write(problems, &report);
    for (char *line = strtok(report.data, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        assert_memory_equal(line, "c:", 2);
        buffer_printf(out, "%s\n", line + 2);
    }
    buffer_release(&report);
}

static void test_refusal(void **state)
{
    const struct refusal *refusal = *state;
    struct problems problems;
    struct buffer report;
    problems_init(&problems);
    buffer_init(&report, 1 << 16);
    struct config *config = config_parse(refusal->text, "c", &problems);
    write_report(&problems, &report);
    assert_string_equal(report.data, refusal->expected);
    assert_null(config);
    buffer_release(&report);
    problems_release(&problems);
}

int main(void)
{
    struct CMUnitTest tests[array_count(refusals)] = {0};
    for (size_t i = 0; i < array_count(refusals); i++) {
        tests[i].name = refusals[i].name;
        tests[i].test_func = test_refusal;
        tests[i].initial_state = (void *)(uintptr_t)&refusals[i];
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
