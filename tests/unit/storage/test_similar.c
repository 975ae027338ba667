/* What past issues printed that is like a story, and the releases of its bundle. */
#include "desk_fixture.h"

#include <string.h>

#include "base/clock.h"

static struct desk_printed *list_similar(
    struct desk_fixture *desk, int64_t story, size_t *ret_count)
{
    struct desk_printed *items;
    desk_must(desk,
        desk_list_similar(
            desk->store, desk->arena, desk->config, story, &items, ret_count, desk->fault));
    return items;
}

/* How rare a word is can be told among many titles only. */
static void import_others(struct desk_fixture *desk)
{
    const char *text = "# T (2020-08-01)\n\n## News\n\n";
    for (int i = 0; i < 40; i++) {
        text = arena_printf(
            desk->arena, "%s- [%s | A](https://o.example/%d)  \n", text, desk_title(i), i);
    }
    desk_import(desk, "2020-08-01", text);
}

static const char august[] =
    "# T (2020-08-26)\n\n## News\n\n- [Neoverse servers outrun Graviton | A]"
    "(https://a.example/neoverse)  \n- [A week of rain in Lisbon | A](https://a.example/rain)  "
    "\n";
static const char september[] =
    "# T (2020-09-17)\n\n## News\n\n- [Neoverse roadmap shows two new cores | A]"
    "(https://a.example/cores)  \n- [Cheese prices rise again | A](https://a.example/cheese)  "
    "\n";

static void a_story_finds_what_was_printed_of_the_same_thing(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    import_others(desk);
    desk_import(desk, "2020-08-26", august);
    desk_import(desk, "2020-09-17", september);
    int64_t item = desk_add(desk, "https://b.example/v1", "Neoverse V1 brings vectors");
    size_t count;
    struct desk_printed *items = list_similar(desk, desk_story_of(desk, item), &count);
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(strstr(items[i].title, "Neoverse"));
        assert_true(items[i].score > 0 && items[i].score < 1);
    }
    desk_close(desk);
}

static void the_same_key_comes_first_under_any_title(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    import_others(desk);
    desk_import(desk, "2020-08-26", august);
    int64_t item = desk_add(
        desk, "https://a.example/rain", "Neoverse servers and what they outrun");
    size_t count;
    struct desk_printed *items = list_similar(desk, desk_story_of(desk, item), &count);
    assert_int_equal(count, 2);
    assert_string_equal(items[0].key, "https://a.example/rain");
    assert_true(items[0].score == 1);
    assert_string_equal(items[1].url, "https://a.example/neoverse");
    desk_close(desk);
}

static void nothing_in_common_finds_nothing(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t item = desk_add(
        desk, "https://b.example/x", "Quantised speech on a microcontroller");
    size_t count;
    list_similar(desk, desk_story_of(desk, item), &count);
    assert_int_equal(count, 0); /* no issue yet */
    desk_import(desk, "2020-08-26", august);
    list_similar(desk, desk_story_of(desk, item), &count);
    assert_int_equal(count, 0);
    struct desk_printed *items;
    assert_false(desk_list_similar(
        desk->store, desk->arena, desk->config, 999999, &items, &count, desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_MISSING);
    desk_close(desk);
}

static void only_the_most_alike_are_listed(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    const char *text = "# T (2020-08-26)\n\n## News\n\n";
    for (int i = 0; i < 2 * DESK_SIMILAR_MAX; i++) {
        text = arena_printf(desk->arena,
            "%s- [Neoverse %s | A](https://a.example/%d)  \n- [%s | A](https://c.example/%d)  "
            "\n",
            text, desk_title(i), i, desk_title(100 + i), i);
    }
    desk_import(desk, "2020-08-26", text);
    int64_t item = desk_add(desk, "https://b.example/v1", "Neoverse");
    size_t count;
    struct desk_printed *items = list_similar(desk, desk_story_of(desk, item), &count);
    assert_int_equal(count, DESK_SIMILAR_MAX);
    for (size_t i = 1; i < count; i++) {
        assert_true(items[i - 1].score >= items[i].score);
    }
    desk_close(desk);
}

static void releases_of_a_bundle_are_listed_newest_first(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t items[4];
    for (int i = 0; i < 4; i++) {
        items[i] = desk_add(
            desk, arena_printf(desk->arena, "https://r.example/%d", i), desk_title(i));
    }
    fixture_execute(desk->fixture->path,
        "UPDATE item SET bundle = 'o/r prereleases', dated_utc_s = dated_utc_s + id"
        " WHERE key <> 'https://r.example/3'");
    struct desk_bundled *others;
    size_t count;
    desk_must(desk,
        desk_list_bundled(desk->store, desk->arena, "o/r prereleases",
            desk_story_of(desk, items[1]), &others, &count, desk->fault));
    assert_int_equal(count, 2);
    assert_int_equal(others[0].item, items[2]);
    assert_int_equal(others[1].story, desk_story_of(desk, items[0]));
    desk_must(desk,
        desk_list_bundled(desk->store, desk->arena, NULL, 1, &others, &count, desk->fault));
    assert_int_equal(count, 0);
    desk_close(desk);
}

static void what_is_printed_or_corrected_after_a_question_is_found_by_the_next(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    import_others(desk);
    int64_t item = desk_add(desk, "https://b.example/v1", "Neoverse V1 brings vectors");
    size_t count;
    list_similar(desk, desk_story_of(desk, item), &count);
    assert_int_equal(count, 0);
    desk_import(desk, "2020-08-26", august);
    list_similar(desk, desk_story_of(desk, item), &count);
    assert_int_equal(count, 1);
    desk_import(desk, "2020-08-26",
        "# T (2020-08-26)\n\n## News\n\n- [Graviton servers | A](https://a.example/neoverse)  "
        "\n"
        "- [A week of rain in Lisbon | A](https://a.example/rain)  \n");
    list_similar(desk, desk_story_of(desk, item), &count);
    assert_int_equal(count, 0);
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(a_story_finds_what_was_printed_of_the_same_thing),
        storage_test(what_is_printed_or_corrected_after_a_question_is_found_by_the_next),
        storage_test(the_same_key_comes_first_under_any_title),
        storage_test(nothing_in_common_finds_nothing),
        storage_test(only_the_most_alike_are_listed),
        storage_test(releases_of_a_bundle_are_listed_newest_first),
    };
    return cmocka_run_group_tests_name("similar", tests, NULL, NULL);
}
