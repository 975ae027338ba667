/* What the tests of the search share: items made from a title and a summary, and searches by a
 * line. */
#ifndef TESTS_STORAGE_SEARCH_FIXTURE_H
#define TESTS_STORAGE_SEARCH_FIXTURE_H

#include "fixture.h"

/* Store an item of the feed "lwn" with this text, dated NOON. Its key is
 * "https://x.example/NUMBER". */
void search_put(struct fixture *fixture, struct store *store, int number, const char *title,
    const char *summary);

/* Run the index to its end. */
void search_index_all(struct fixture *fixture, struct store *store);

/* A request for `query`, 20 by rank, ten seconds. */
struct search_request search_ask(const char *query);

/* Its result; fails the test on a fault. Lives in the fixture's arena. */
struct search_result search_must(
    struct fixture *fixture, struct store *store, const struct search_request *request);

/* The numbers of the items that `query` finds, in order: "3 1". */
const char *search_numbers(struct fixture *fixture, struct store *store, const char *query);

/* A text with its marks in brackets, "…" where it is cut: "…an [int8] model". */
const char *search_marked(struct fixture *fixture, const struct search_text *text);

#endif
