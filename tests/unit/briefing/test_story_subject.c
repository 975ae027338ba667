/* A subject is no event: many titles with one word in common. The papers of the fixture are
 * unlike each other but for one word that all of them have, which no other item has. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "briefing/story.h"

enum { PAPERS_MAX = 200, OTHERS_MAX = 300, HOUR = 3600 };

static struct arena arena;
static struct story_index *stories;

static struct paper {
    char title[200];
    char summary[400];
} papers[PAPERS_MAX];

static size_t paper_count;

static int read_papers(void **state)
{
    char path[512], line[700];
    snprintf(
        path, sizeof(path), "%s/briefing/stories/one_topic.txt", getenv("BRIEFD_FIXTURES"));
    FILE *file = fopen(path, "r");
    while (
        file != NULL && paper_count < PAPERS_MAX && fgets(line, sizeof(line), file) != NULL) {
        const char *title = strtok(line, "|"), *abstract = strtok(NULL, "\n");
        struct paper *paper = &papers[paper_count++];
        snprintf(paper->title, sizeof(paper->title), "%s", title);
        /* As arXiv's feeds begin every one. */
        snprintf(paper->summary, sizeof(paper->summary),
            "arXiv:2009.%05zuv1 Announce Type: new Abstract: %s", paper_count, abstract);
    }
    if (file != NULL) {
        fclose(file);
    }
    return paper_count > 100 ? 0 : -1;
}

static int open_stories(void **state)
{
    stories = story_index_new(fold_table_get(), &story_defaults);
    return 0;
}

static int close_stories(void **state)
{
    story_index_free(stories);
    arena_release(&arena);
    return 0;
}

static struct story_match place(int64_t item, int64_t time_s, const char *title)
{
    struct story_item it = {item, NULL, title, NULL, time_s};
    return story_place(stories, &arena, &it);
}

static uint32_t draw(uint32_t below)
{
    static uint32_t chance = 7;
    chance = chance * 1664525u + 1013904223u;
    return (chance >> 8) % below;
}

/* A word of some abstract, or four Han letters. */
static void put_word(char *word, size_t size, bool han)
{
    const char *text = strstr(papers[draw((uint32_t)paper_count)].summary, ": ") + 2;
    const char *at = text + draw((uint32_t)strlen(text));
    while (at > text && at[-1] != ' ') {
        at--;
    }
    snprintf(word, size, "%.*s", (int)strcspn(at, " .,;"), at);
    for (size_t k = 0; han && k < 4; k++) {
        snprintf(word + 3 * k, size - 3 * k, "%c%c%c", (char)(0xe5 + draw(4)),
            (char)(0x80 + draw(64)), (char)(0x80 + draw(64)));
    }
}

/* Headlines that share any words with the papers but their subject, or none when they are
 * Chinese. */
static void place_others(size_t count, bool han)
{
    static const char *const between[][3] = {
        {"", " of ", " for the "}, {"Why ", " and ", " left "}, {"The ", ": a new ", " with "}};
    for (size_t i = 0; i < count; i++) {
        char title[200], words[3][32];
        for (size_t word = 0; word < array_count(words); word++) {
            put_word(words[word], sizeof(words[word]), han);
        }
        const char *const *form = between[i % array_count(between)];
        snprintf(title, sizeof(title), "%s%s%s%s%s%s", han ? "" : form[0], words[0],
            han ? "" : form[1], words[1], han ? "" : form[2], words[2]);
        place(PAPERS_MAX + (int64_t)i, 0, title);
    }
}

/* The papers, begun with the one at `first`; *ret_largest is the size of the largest story.
 * Returns how many stories they make. */
static size_t place_papers(size_t first, size_t *ret_largest)
{
    size_t members[PAPERS_MAX + OTHERS_MAX] = {0}, made = 0;
    *ret_largest = 0;
    for (size_t i = 0; i < paper_count; i++) {
        size_t at = (first + i * 7) % paper_count; /* 7 divides no count of ours */
        struct story_item item = {
            (int64_t)at, NULL, papers[at].title, papers[at].summary, HOUR};
        int64_t story = story_place(stories, &arena, &item).story;
        assert_in_range(story, 0, PAPERS_MAX + OTHERS_MAX - 1);
        size_t size = ++members[story];
        made += size == 1;
        *ret_largest = size > *ret_largest ? size : *ret_largest;
    }
    return made;
}

/* Some papers share two words and may meet ("weight quantization"). */
static void expect_papers_apart(size_t others, bool han)
{
    assert_true(paper_count % 7 != 0);
    for (size_t first = 0; first < 3; first++) {
        size_t largest;
        place_others(others, han);
        size_t made = place_papers(first * 31, &largest);
        assert_in_range(made, paper_count * 9 / 10, paper_count);
        assert_in_range(largest, 1, 4);
        close_stories(NULL);
        open_stories(NULL);
    }
}

static void a_hundred_papers_on_one_subject_are_no_story_in_an_empty_database(void **state)
{
    expect_papers_apart(0, false);
}

/* Where the word is rare: nobody but the papers has it. */
static void a_hundred_papers_on_one_subject_are_no_story_among_other_news(void **state)
{
    expect_papers_apart(20, false);
    expect_papers_apart(OTHERS_MAX, false);
}

/* Where "of" is as rare as a name. */
static void a_hundred_papers_are_no_story_among_news_in_another_script(void **state)
{
    expect_papers_apart(20, true);
    expect_papers_apart(OTHERS_MAX, true);
}

static const char *const reports[] = {
    "Zephyrion recalls its Quantoma accelerator boards",
    "Quantoma accelerator boards of Zephyrion catch fire",
    "Zephyrion boards recalled: what Quantoma owners must do",
    "Why Zephyrion stopped selling Quantoma accelerator boards",
    "Quantoma recall costs Zephyrion a third of its profit",
    "Ministers question Zephyrion",
    "Zephyrion apologises",
};

static void a_name_alone_is_enough_where_reports_share_more(void **state)
{
    place_others(100, false);
    for (int64_t i = 0; i < (int64_t)array_count(reports); i++) {
        assert_int_equal(place(i, 60 * i, reports[i]).story, 0);
    }
    assert_int_equal(place(22, 520, "Tears at Zephyrion").tier, STORY_NEW);
}

static void a_name_alone_begins_no_story(void **state)
{
    place_others(100, false);
    place(1, 0, "Ministers question Zephyrion");
    struct story_match match = place(2, 60, "Zephyrion apologises");
    assert_int_equal(match.tier, STORY_NEW);
    /* Not for want of nearness. */
    assert_true(match.score > story_defaults.cut[0] * 2);
}

/* The account of a story is not stored: it follows from its items, in their order. */
static void a_restored_story_admits_no_more_than_before(void **state)
{
    place_others(100, false);
    struct story_index *again = story_index_new(fold_table_get(), &story_defaults);
    for (int64_t i = 0; i < (int64_t)array_count(reports); i++) {
        const char *title = reports[i];
        struct story_match match = place(i, 60 * i, title);
        struct story_item item = {i, NULL, title, NULL, 60 * i};
        story_restore(again, &item, match.story, match.tier);
    }
    struct story_item more = {50, NULL, "Tears at Zephyrion", NULL, 520};
    assert_int_equal(story_place(again, &arena, &more).tier, STORY_NEW);
    story_index_free(again);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_stories, close_stories)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_hundred_papers_on_one_subject_are_no_story_in_an_empty_database),
        CASE(a_hundred_papers_on_one_subject_are_no_story_among_other_news),
        CASE(a_hundred_papers_are_no_story_among_news_in_another_script),
        CASE(a_name_alone_is_enough_where_reports_share_more),
        CASE(a_name_alone_begins_no_story),
        CASE(a_restored_story_admits_no_more_than_before),
    };
    return cmocka_run_group_tests(tests, read_papers, NULL);
}
