/* The vocabulary is made of random common characters and syllables. A real word list would
 * bring a licence and no other figures: what a search index feels is how often words occur, how
 * long texts are, and how many words share a character. Zipf's exponent 1 over 30,000 Chinese
 * words puts the first hundred into more than 5 % of the items each. */
#include "prose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HAN_WORDS = 30000,
    LATIN_WORDS = 20000,
    HAN_CHARACTERS = 3500, /* what a newspaper uses */
    WORD_BYTES = 16,
};

struct vocabulary {
    char (*words)[WORD_BYTES];
    double *cumulative;
    size_t count;
};

struct prose {
    uint64_t state;
    struct vocabulary han, latin;
};

/* splitmix64, http://prng.di.unimi.it/splitmix64.c */
static uint64_t next(struct prose *prose)
{
    uint64_t z = prose->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t prose_number(struct prose *prose, uint64_t limit)
{
    return next(prose) % limit;
}

static size_t put_han(struct prose *prose, char *out)
{
    /* One in five words shares the characters everybody uses. */
    uint64_t pool = next(prose) % 5 == 0 ? 300 : HAN_CHARACTERS;
    unsigned codepoint = 0x4e00 + (unsigned)(next(prose) % pool * 5 % 20000);
    out[0] = (char)(0xe0 | codepoint >> 12);
    out[1] = (char)(0x80 | (codepoint >> 6 & 0x3f));
    out[2] = (char)(0x80 | (codepoint & 0x3f));
    return 3;
}

static void make_han_word(struct prose *prose, char *word)
{
    static const unsigned char lengths[] = {1, 2, 2, 2, 2, 2, 2, 3, 3, 4};
    size_t at = 0;
    for (unsigned left = lengths[next(prose) % sizeof(lengths)]; left > 0; left--) {
        at += put_han(prose, word + at);
    }
    word[at] = '\0';
}

static void make_latin_word(struct prose *prose, char *word)
{
    static const char syllables[][4] = {"qu", "an", "ti", "ze", "ker", "nel", "mo", "del", "in",
        "fer", "ence", "chi", "p", "com", "pil", "er", "ten", "sor", "net", "ro", "bu", "st",
        "ly", "al", "de", "re", "pre", "con", "pro", "ble"};
    size_t count = 1 + next(prose) % 4;
    word[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        strcat(word, syllables[next(prose) % (sizeof(syllables) / sizeof(syllables[0]))]);
    }
    if (next(prose) % 20 == 0) {
        snprintf(word + strlen(word), WORD_BYTES - strlen(word), "%d", (int)(next(prose) % 64));
    }
}

static void make_vocabulary(struct prose *prose, struct vocabulary *vocabulary, size_t count,
    void (*make_word)(struct prose *prose, char *word))
{
    vocabulary->words = calloc(count, WORD_BYTES);
    vocabulary->cumulative = calloc(count, sizeof(double));
    vocabulary->count = count;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        make_word(prose, vocabulary->words[i]);
        sum += 1.0 / ((double)i + 2.7); /* Mandelbrot's shift: no word is in every sentence */
        vocabulary->cumulative[i] = sum;
    }
}

struct prose *prose_new(uint64_t seed)
{
    struct prose *prose = calloc(1, sizeof(*prose));
    prose->state = seed;
    make_vocabulary(prose, &prose->han, HAN_WORDS, make_han_word);
    make_vocabulary(prose, &prose->latin, LATIN_WORDS, make_latin_word);
    return prose;
}

void prose_free(struct prose *prose)
{
    free(prose->han.words);
    free(prose->han.cumulative);
    free(prose->latin.words);
    free(prose->latin.cumulative);
    free(prose);
}

static const char *pick(struct prose *prose, const struct vocabulary *vocabulary)
{
    double wanted = (double)(next(prose) >> 11) / 9007199254740992.0 *
        vocabulary->cumulative[vocabulary->count - 1];
    size_t low = 0, high = vocabulary->count - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (vocabulary->cumulative[middle] < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return vocabulary->words[low];
}

static void write_chinese(struct prose *prose, unsigned words, struct buffer *out)
{
    for (unsigned i = 0; i < words; i++) {
        uint64_t kind = next(prose) % 100;
        if (kind < 8) {
            buffer_printf(out, " %s ", pick(prose, &prose->latin));
        } else if (kind < 10) {
            buffer_printf(out, "%d.%d", (int)(next(prose) % 90), (int)(next(prose) % 10));
        } else {
            buffer_puts(out, pick(prose, &prose->han));
        }
        if (i + 1 < words && next(prose) % 7 == 0) {
            buffer_puts(out, next(prose) % 3 == 0 ? "。" : "，");
        }
    }
}

static void write_english(struct prose *prose, unsigned words, struct buffer *out)
{
    for (unsigned i = 0; i < words; i++) {
        buffer_puts(out, pick(prose, &prose->latin));
        buffer_puts(out, i + 1 == words ? "" : next(prose) % 12 == 0 ? ". " : " ");
    }
}

void prose_write(struct prose *prose, bool chinese, unsigned words, struct buffer *out)
{
    if (chinese) {
        write_chinese(prose, words, out);
    } else {
        write_english(prose, words, out);
    }
}

const char *prose_han_word(struct prose *prose, bool by_use)
{
    for (;;) {
        const char *word = by_use ? pick(prose, &prose->han)
                                  : prose->han.words[next(prose) % prose->han.count];
        if (strlen(word) == 6) {
            return word;
        }
    }
}
