/* What feeds.conf may hold: one table of sections and keys, read by everything that touches the
 * file.
 *
 * The scanner takes from it which keys exist and which are required, the reader how a value
 * becomes a field of struct config and what stands for a key that is not written. A new key is
 * one line in schema.c and one field in config.h. Constant data; any thread.
 */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

enum schema_kind {
    SCHEMA_TEXT,         /* const char *: one line, not empty */
    SCHEMA_SEPARATOR,    /* const char *: one line, may be empty */
    SCHEMA_PARAGRAPH,    /* const char *: may span lines */
    SCHEMA_FILE_NAME,    /* const char *: without a folder */
    SCHEMA_MAILBOX,      /* const char *: name <local@domain>, or the address alone */
    SCHEMA_ID,           /* const char *: a-z 0-9 - */
    SCHEMA_HOST,         /* const char *: arxiv.org */
    SCHEMA_URL,          /* const char *: http or https */
    SCHEMA_ADDRESS,      /* const char *: ADDRESS:PORT */
    SCHEMA_PATH,         /* const char *: the beginning of a URL's path, /briefing */
    SCHEMA_NETWORKS,     /* struct config_words: a list of ADDRESS or ADDRESS/BITS */
    SCHEMA_LANGUAGE,     /* const char *: BCP 47 */
    SCHEMA_SECTION_NAME, /* const char *: the id of a section of the briefing */
    SCHEMA_FORM,         /* enum config_form */
    SCHEMA_CHOICE,       /* an enum: one of `choices`, its place in the list */
    SCHEMA_BOOLEAN,      /* bool */
    SCHEMA_COUNT,        /* size_t */
    SCHEMA_SIZE,         /* size_t: bytes, "8M" */
    SCHEMA_NUMBER,       /* double */
    SCHEMA_SECONDS,      /* int64_t: "30m", "6h", "2d" */
    SCHEMA_MILLISECONDS, /* int64_t: the same and "500ms" */
    SCHEMA_UTC_OFFSET,   /* int64_t: seconds, "+08:00" */
    SCHEMA_WORDS,        /* struct config_words: a list, each with its line */
    SCHEMA_PARAMETERS,   /* struct config_words: "name", "prefix*", "host:name" */
    SCHEMA_TOPIC_NAMES,  /* const char ** and a count: a list */
    SCHEMA_DESTINATIONS, /* const char ** and a count: a list of HOST:PORT */
    SCHEMA_FLAGS,        /* unsigned: a list of `choices`, bit by bit; 0 when not written */
    SCHEMA_SECTION,      /* the struct itself: name { … } */
    SCHEMA_SECTIONS,     /* an array and a count: name "title" { … }, any number of times */
};

struct schema_section;

struct schema_key {
    const char *name;
    enum schema_kind kind;
    size_t offset;        /* of the field in the section's struct */
    size_t count_offset;  /* of its count, for lists and SCHEMA_SECTIONS */
    const char *fallback; /* read when the key is not written; NULL: the field stays zero. Of
                             SCHEMA_WORDS all of them, ", " between */
    double min, max;      /* of numbers, in the field's unit; both 0: any */
    bool required;
    const char *example;                  /* what to write, for messages */
    const char *holds;                    /* text that must stand in the value: "{date}" */
    const struct schema_section *section; /* SCHEMA_SECTION and SCHEMA_SECTIONS */
    const char *const *choices; /* SCHEMA_CHOICE and SCHEMA_FLAGS: words, NULL at the end */
};

enum { SCHEMA_KEYS_MAX = 32, SCHEMA_DEPTH_MAX = 4 };

#define SCHEMA_NO_FIELD ((size_t)-1)

struct schema_section {
    const char *name; /* "feed"; "" for the file */
    const struct schema_key *keys;
    size_t key_count;
    size_t bytes; /* of the struct */
    bool titled;
    enum schema_kind title_kind;
    size_t title_offset; /* of the const char * that takes the title */
    size_t line_offset;  /* of the int that takes the line, or SCHEMA_NO_FIELD */
};

extern const struct schema_section schema_root;
extern const struct schema_section schema_feed;
/* What may be changed beside the file: rules of its sections, topics, vendors. */
extern const struct schema_section schema_rules;

/* A key of `section` by name, or NULL. */
const struct schema_key *schema_find(
    const struct schema_section *section, const char *name, size_t length);

/* Whether a field of this kind is a struct config_words. */
bool schema_is_words(enum schema_kind kind);

/* Whether a key of this kind takes { a, list }. */
bool schema_is_list(enum schema_kind kind);

/* Whether a key of this kind is followed by { … } without '='. */
bool schema_is_section(enum schema_kind kind);

#endif
