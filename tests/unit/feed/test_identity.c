#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "feed/identity.h"

static const char feed[] = "http://www.example.com/feed.xml";

static void assert_key_in(
    const char *feed_url, const struct feed_entry *entry, const char *expected)
{
    struct arena arena = {0};
    assert_string_equal(entry_identify(&arena, entry, feed_url).key, expected);
    arena_release(&arena);
}

static void entries_that_link_to_the_front_page_stay_apart(void **state)
{
    assert_key_in(feed, &(struct feed_entry){.id = "1", .link = "https://www.example.com/"},
        "https://example.com/feed.xml#1");
    assert_key_in(feed, &(struct feed_entry){.id = "2", .link = "https://www.example.com"},
        "https://example.com/feed.xml#2");
    assert_key_in(feed,
        &(struct feed_entry){.id = "3", .link = "https://example.com/?utm_source=rss"},
        "https://example.com/feed.xml#3");
    assert_key_in(feed,
        &(struct feed_entry){.id = "4", .link = "https://example.com/index.html#comments"},
        "https://example.com/feed.xml#4");
    assert_key_in(feed, &(struct feed_entry){.id = "5", .link = "https://example.com/#v1.2"},
        "https://example.com/#v1.2");
}

static void entries_of_one_page_stay_apart_by_their_fragments(void **state)
{
    assert_key_in(feed, &(struct feed_entry){.link = "https://example.com/notes#May_06_2024"},
        "https://example.com/notes#May_06_2024");
    assert_key_in(feed, &(struct feed_entry){.link = "https://example.com/day#a_word_in_it"},
        "https://example.com/day#a_word_in_it");
    assert_key_in(feed, &(struct feed_entry){.link = "https://example.com/a#:~:text=word"},
        "https://example.com/a");
    assert_key_in(feed, &(struct feed_entry){.link = "https://example.com/#/a/1"},
        "https://example.com/#/a/1");
    assert_key_in(feed, &(struct feed_entry){.link = "https://example.com/notes#xtor=RSS-1"},
        "https://example.com/notes");
    assert_key_in(feed, &(struct feed_entry){.link = "https://example.com/notes#comments"},
        "https://example.com/notes");
    assert_key_in(feed, &(struct feed_entry){.link = "https://arxiv.org/abs/2009.00278#S1"},
        "arxiv:2009.00278");
}

static void the_link_comes_first_and_typed_ones_before_all(void **state)
{
    assert_key_in(feed,
        &(struct feed_entry){
            .id = "oai:arXiv.org:2009.00278v2", .link = "https://arxiv.org/abs/2009.00278"},
        "arxiv:2009.00278");
    assert_key_in(feed,
        &(struct feed_entry){
            .id = "https://news.ycombinator.com/item?id=1", .link = "https://b.example/a"},
        "https://b.example/a");
    assert_key_in(feed,
        &(struct feed_entry){.link = "https://b.example/a", .doi = "10.1145/3065386"},
        "doi:10.1145/3065386");
}

static void an_entry_without_link_takes_its_own_identifier(void **state)
{
    assert_key_in(
        feed, &(struct feed_entry){.id = "oai:arXiv.org:2009.00278v2"}, "arxiv:2009.00278");
    assert_key_in(feed, &(struct feed_entry){.id = "http://www.example.com/a/?utm_source=rss"},
        "https://example.com/a");
    assert_key_in(feed, &(struct feed_entry){.id = "urn:uuid:1"},
        "https://example.com/feed.xml#urn:uuid:1");
}

static void a_github_release_is_known_by_its_tag_uri(void **state)
{
    const struct feed_entry entry = {.id = "tag:github.com,2008:Repository/94747102/v1.0/rc"};
    assert_key_in(
        "https://github.com/Tencent/ncnn/releases.atom", &entry, "github:tencent/ncnn@v1.0/rc");
    assert_key_in(feed, &entry,
        "https://example.com/feed.xml#tag:github.com,2008:Repository/94747102/v1.0/rc");
    assert_key_in(NULL, &entry, "#tag:github.com,2008:Repository/94747102/v1.0/rc");
}

static void entries_with_nothing_are_told_apart_by_their_text(void **state)
{
    struct arena arena = {0};
    struct feed_entry a = {.title = "a"}, b = {.title = "b"}, c = {.summary = "c"},
                      d = {.summary = "d"};
    const char *key = entry_identify(&arena, &a, feed).key;
    assert_string_equal(entry_identify(&arena, &a, feed).key, key);
    assert_string_not_equal(entry_identify(&arena, &b, feed).key, key);
    assert_string_not_equal(
        entry_identify(&arena, &c, feed).key, entry_identify(&arena, &d, feed).key);
    assert_memory_equal(entry_identify(&arena, &a, feed).guid, "hash:", 5);
    arena_release(&arena);
}

static void the_guid_is_the_id_else_the_link(void **state)
{
    struct arena arena = {0};
    struct feed_entry entry = {.id = "x", .link = "https://example.com/a"};
    assert_string_equal(entry_identify(&arena, &entry, feed).guid, "x");
    entry.id = NULL;
    assert_string_equal(entry_identify(&arena, &entry, feed).guid, "https://example.com/a");
    arena_release(&arena);
}

static void the_content_hash_follows_every_edit_and_nothing_else(void **state)
{
    struct arena arena = {0};
    const struct feed_entry original = {
        .title = "t", .link = "l", .summary = "s", .content = "c"};
    uint64_t hash = entry_identify(&arena, &original, feed).content_hash;
    struct feed_entry edited[] = {original, original, original, original, original};
    edited[0].title = "T";
    edited[1].link = "L";
    edited[2].summary = NULL;
    edited[3].content = "";
    edited[4].title = "ts", edited[4].link = "l";
    for (size_t i = 0; i < array_count(edited); i++) {
        assert_true(entry_identify(&arena, &edited[i], feed).content_hash != hash);
    }
    struct feed_entry dated = original;
    dated.updated_utc_s = 5;
    dated.id = "other";
    assert_true(entry_identify(&arena, &dated, "other").content_hash == hash);
    arena_release(&arena);
}

static void arxiv_s_lead_is_cut_off_its_abstract(void **state)
{
    static const char *const table[][2] = {
        {"arXiv:2409.00001v1 Announce Type: new \nAbstract: We show x.", "We show x."},
        {" arXiv:2409.00001v12 Announce Type: replace-cross Abstract:\nWe", "We"},
        {"arXiv:hep-th/9901001v1 Announce Type: cross\nAbstract: A", "A"},
        {"arXiv:2409.00001 is a paper", "arXiv:2409.00001 is a paper"},
        {"arXiv:2409.00001v1 Announce Type: new", "arXiv:2409.00001v1 Announce Type: new"},
        {"Abstract: We", "Abstract: We"}, {"", ""}};
    for (size_t i = 0; i < array_count(table); i++) {
        assert_string_equal(arxiv_abstract(table[i][0]), table[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_that_link_to_the_front_page_stay_apart),
        cmocka_unit_test(entries_of_one_page_stay_apart_by_their_fragments),
        cmocka_unit_test(the_link_comes_first_and_typed_ones_before_all),
        cmocka_unit_test(an_entry_without_link_takes_its_own_identifier),
        cmocka_unit_test(a_github_release_is_known_by_its_tag_uri),
        cmocka_unit_test(entries_with_nothing_are_told_apart_by_their_text),
        cmocka_unit_test(the_guid_is_the_id_else_the_link),
        cmocka_unit_test(the_content_hash_follows_every_edit_and_nothing_else),
        cmocka_unit_test(arxiv_s_lead_is_cut_off_its_abstract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
