/* A database with something in every table that an editor's months leave rows in: for tests of
 * what goes over a whole file (verify, export, retention, backup). */
#ifndef TESTS_STORAGE_FULL_DATABASE_H
#define TESTS_STORAGE_FULL_DATABASE_H

#include "desk_fixture.h"

/* The keys are https://a.example/NAME; each item begins a story of its own but where it says
 * otherwise. */
struct full_database {
    int64_t plain;  /* in the inbox, nobody looked at it */
    int64_t second; /* another, with a summary */
    int64_t merged; /* into `host` */
    int64_t host;
    int64_t split; /* away from the story it had been merged into: by hand for ever */
    int64_t rejected;
    int64_t later;
    int64_t picked;  /* in the draft of the next issue */
    int64_t undone;  /* rejected, and taken back */
    int64_t printed; /* published */
    int64_t by_hand; /* added by its address */
    const char *day; /* of the published issue */
};

/* Make it in the fixture's file, with the index of the search complete and the store closed. */
struct full_database full_database_build(struct fixture *fixture);

#endif
