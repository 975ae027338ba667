/* What groups items where feeds.conf says nothing: equal to the fallbacks of config/schema.c.
 * An initialiser, for configurations that are built by hand. */
#ifndef TESTS_STORAGE_DEFAULT_STORIES_H
#define TESTS_STORAGE_DEFAULT_STORIES_H

#define DEFAULT_STORIES                                                                        \
    {                                                                                          \
        .window_s = 3 * 86400, .near_window_s = 14 * 86400, .near_title = 0.55,                \
        .near_text = 0.28, .crowded_title = 0.6, .crowded_text = 0.48, .latin = 0.095,         \
        .han = 0.8, .lead_language = 4, .lead_original = 2, .lead_summary = 1                  \
    }

#endif
