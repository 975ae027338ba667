/* Values are read from text for every kind, also numbers and booleans that libconfuse could
 * read itself: it stops at the first bad one, and its own messages ("invalid integer value for
 * option 'limit'") do not say what to write. Each kind is a function in one table. */
#include "config/value.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/shown_url.h"
#include "config/config.h"

enum {
    PATH_BYTES_MAX = 100,
    URL_BYTES_MAX = 2048,
    NAME_BYTES_MAX = 255,
    CHOICES_BYTES_MAX = 256
};

struct unit {
    const char *name;
    double factor;
};

/* Refuse with what was written, what is wrong with it and what would be right. */
#define refuse(fault, text, ...) refuse_value((fault), (text), __VA_ARGS__)

static bool refuse_value(struct fault *fault, const char *text, const char *why)
{
    return fault_set(fault, FAULT_CONFIG, "'%.80s' %s", text, why);
}

static bool has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7F) {
            return true;
        }
    }
    return false;
}

static bool check_text(const char *text, struct fault *fault)
{
    if (text[0] == '\0') {
        return fault_set(
            fault, FAULT_CONFIG, "the text is empty: write some or leave the key out");
    }
    return !has_control(text) ||
        refuse(fault, text, "holds a line break or control character: write one line");
}

static bool check_separator(const char *text, struct fault *fault)
{
    return !has_control(text) ||
        refuse(fault, text, "holds a line break or control character: write one line");
}

static bool check_paragraph(const char *text, struct fault *fault)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 && *at != '\n' && *at != '\t') {
            return refuse(fault, text, "holds a control character: remove it");
        }
    }
    return true;
}

static bool check_file_name(const char *text, struct fault *fault)
{
    if (strchr(text, '/') != NULL || text[0] == '.') {
        return refuse(fault, text,
            "is no plain file name: write it without a folder, such as "
            "\"{date}.md\" (the folder is output_folder)");
    }
    return check_text(text, fault);
}

/* RFC 5322 3.4.1 without what nobody has (quoted local parts, domain literals, comments). */
static bool is_mail_address(const char *text, size_t length)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    const char *at = memchr(text, '@', length);
    size_t local = at == NULL ? 0 : (size_t)(at - text);
    if (local == 0 || local > 64 || length > 254 || text[0] == '.' || at[-1] == '.') {
        return false;
    }
    for (size_t i = 0; i < local; i++) {
        bool dots = text[i] == '.' && text[i + 1] == '.';
        if (dots ||
            (strchr(letters, text[i]) == NULL &&
                strchr("!#$%&'*+/=?^_`{|}~.", text[i]) == NULL)) {
            return false;
        }
    }
    for (const char *label = at + 1;; label++) {
        size_t good = strspn(label, letters), left = length - (size_t)(label - text);
        good = good < left ? good : left;
        if (good == 0 || good > 63 || label[0] == '-' || label[good - 1] == '-') {
            return false;
        }
        label += good;
        if (label == text + length || *label != '.') {
            return label == text + length;
        }
    }
}

static bool check_mailbox(const char *text, struct fault *fault)
{
    const char *open = strrchr(text, '<');
    const char *address = open == NULL ? text : open + 1;
    size_t length = strlen(address);
    bool closed = open == NULL || (length > 0 && address[length - 1] == '>');
    if (!closed || !is_mail_address(address, length - (open != NULL))) {
        return refuse(fault, text,
            "is no mail address: write name@example.org, or \"嵌入式AI简报 "
            "<name@example.org>\"");
    }
    return check_text(text, fault);
}

static bool check_id(const char *text, struct fault *fault)
{
    size_t good = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (text[0] == '\0' || text[good] != '\0' || !islower((unsigned char)text[0]) ||
        good > 32) {
        return refuse(fault, text,
            "is no id: write a lower-case word of a-z, 0-9 and -, at most 32 "
            "letters, such as \"news\" (what readers see is title)");
    }
    return true;
}

static bool is_host(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (!isalnum(byte) && byte != '.' && byte != '-' && byte != '_' && byte < 0x80) {
            return false;
        }
    }
    return length > 0 && length <= NAME_BYTES_MAX && text[0] != '.' && text[0] != '-';
}

static bool check_host(const char *text, struct fault *fault)
{
    return is_host(text, strlen(text)) ||
        refuse(fault, text,
            "is no host name: write it without scheme and path, such as "
            "\"arxiv.org\"");
}

static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits <= 5 && text[digits] == '\0' && strtol(text, NULL, 10) <= 65535;
}

/* "host:port" or "[v6]:port". */
static bool is_destination(const char *text)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || !is_port(colon + 1)) {
        return false;
    }
    size_t length = (size_t)(colon - text);
    if (text[0] == '[') {
        return length > 3 && text[length - 1] == ']' &&
            strspn(text + 1, "0123456789abcdefABCDEF:.") == length - 2;
    }
    return is_host(text, length);
}

static bool check_address(const char *text, struct fault *fault)
{
    return is_destination(text) ||
        refuse(fault, text,
            "is no address with a port: write "
            "\"127.0.0.1:8080\" or \"[::1]:8080\"");
}

/* Plain characters alone: it stands in front of addresses, which are compared byte by byte. */
static bool check_path(const char *text, struct fault *fault)
{
    size_t length = strlen(text);
    size_t good = strspn(
        text, "/-._~abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    return (text[0] == '/' && length > 1 && length < PATH_BYTES_MAX && good == length &&
               text[length - 1] != '/' && strstr(text, "//") == NULL &&
               strstr(text, "/.") == NULL) ||
        refuse(fault, text,
            "is no beginning of a path: write it with a slash before and none behind, such as "
            "\"/briefing\"");
}

/* "10.0.0.0/8", "::1". */
static bool check_network(const char *text, struct fault *fault)
{
    char host[INET6_ADDRSTRLEN];
    unsigned char address[sizeof(struct in6_addr)];
    size_t length = strcspn(text, "/");
    bool fits = length < sizeof(host);
    snprintf(host, sizeof(host), "%.*s", (int)(fits ? length : 0), text);
    bool v4 = inet_pton(AF_INET, host, address) == 1;
    bool known = v4 || inet_pton(AF_INET6, host, address) == 1;
    const char *bits = text + length + (text[length] == '/');
    size_t digits = strspn(bits, "0123456789");
    bool plain = text[length] == '\0';
    bool masked = !plain && digits > 0 && digits <= 3 && bits[digits] == '\0' &&
        atoi(bits) <= (v4 ? 32 : 128);
    return (known && (plain || masked)) ||
        refuse(fault, text,
            "is no address or network: write numbers, such as \"127.0.0.1\", \"::1\" or "
            "\"10.0.0.0/8\"");
}

/* One for all feeds may be a whole network. */
static bool check_destination(const char *text, struct fault *fault)
{
    struct fault no_network;
    return is_destination(text) ||
        (strchr(text, '/') != NULL && check_network(text, &no_network)) ||
        refuse(fault, text,
            "is no host with a port: write "
            "\"rsshub.lan:1200\"");
}

/* "ref", "trk_*", "example.com:source". */
static bool check_parameter(const char *text, struct fault *fault)
{
    const char *colon = strchr(text, ':');
    const char *name = colon == NULL ? text : colon + 1;
    size_t length = strcspn(name, "*");
    bool named = length > 0 && (name[length] == '\0' || strcmp(name + length, "*") == 0) &&
        strcspn(name, "&=#?:/ \t") == strlen(name);
    return (named && (colon == NULL || is_host(text, (size_t)(colon - text)))) ||
        refuse(fault, text,
            "is no parameter of an address: write a name, the beginning of one with *, or "
            "either behind a host: \"ref\", \"trk_*\", \"example.com:source\"");
}

static size_t url_scheme_length(const char *text)
{
    return strncasecmp(text, "http://", 7) == 0 ? 7
        : strncasecmp(text, "https://", 8) == 0 ? 8
                                                : 0;
}

static bool check_url(const char *text, struct fault *fault)
{
    size_t scheme = url_scheme_length(text);
    char shown[84]; /* what is refused is printed, and may hold a password */
    shown_url_cut(text, shown, sizeof(shown));
    if (scheme == 0) {
        return refuse(fault, shown,
            "is no http or https address: write it whole, such as "
            "\"https://example.org/feed.xml\"");
    }
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at <= 0x20 || strchr("<>\"{}|\\^`", *at) != NULL) {
            return fault_set(fault, FAULT_CONFIG,
                "'%s' holds a character no address may hold "
                "(byte %zu): write it percent-encoded, such as %%20 for a space",
                shown, (size_t)(at - text) + 1);
        }
    }
    const char *host = text + scheme;
    size_t authority = strcspn(host, "/?#");
    const char *at_sign = memrchr(host, '@', authority);
    size_t user = at_sign == NULL ? 0 : (size_t)(at_sign - host) + 1;
    if (authority == user || strlen(text) > URL_BYTES_MAX) {
        return refuse(fault, shown,
            authority == user ? "names no host: write it whole, such as "
                                "\"https://example.org/feed.xml\""
                              : "is longer than 2048 bytes: shorten it");
    }
    return true;
}

/* Shape only (RFC 5646: language[-subtags]): which languages there are is no business of ours.
 */
static bool check_language(const char *text, struct fault *fault)
{
    const char *part = text;
    for (size_t index = 0; part != NULL; index++) {
        size_t length = 0;
        while (isalnum((unsigned char)part[length])) {
            length++;
        }
        bool alphabetic = index > 0 || strcspn(part, "0123456789") >= length;
        if (length < (index == 0 ? 2 : 1) || length > (index == 0 ? 3 : 8) || !alphabetic ||
            (part[length] != '-' && part[length] != '\0')) {
            return refuse(
                fault, text, "is no language tag: write one such as \"zh-CN\" or \"en\"");
        }
        part = part[length] == '-' ? part + length + 1 : NULL;
    }
    return true;
}

bool value_check(enum schema_kind kind, const char *text, struct fault *fault)
{
    static bool (*const checks[])(const char *text, struct fault *fault) = {
        [SCHEMA_TEXT] = check_text,
        [SCHEMA_SEPARATOR] = check_separator,
        [SCHEMA_PARAGRAPH] = check_paragraph,
        [SCHEMA_FILE_NAME] = check_file_name,
        [SCHEMA_MAILBOX] = check_mailbox,
        [SCHEMA_ID] = check_id,
        [SCHEMA_HOST] = check_host,
        [SCHEMA_URL] = check_url,
        [SCHEMA_ADDRESS] = check_address,
        [SCHEMA_PATH] = check_path,
        [SCHEMA_NETWORKS] = check_network,
        [SCHEMA_LANGUAGE] = check_language,
        [SCHEMA_SECTION_NAME] = check_text,
        [SCHEMA_WORDS] = check_text,
        [SCHEMA_PARAMETERS] = check_parameter,
        [SCHEMA_TOPIC_NAMES] = check_text,
        [SCHEMA_DESTINATIONS] = check_destination,
    };
    return kind >= array_count(checks) || checks[kind] == NULL || checks[kind](text, fault);
}

static const char *const form_names[] = {
    [CONFIG_FORM_ARTICLE] = "article",
    [CONFIG_FORM_ONELINE] = "oneline",
    [CONFIG_FORM_PAPER] = "paper",
    [CONFIG_FORM_PROJECT] = "project",
};

const char *value_form_name(enum config_form form)
{
    return form_names[form];
}

static bool read_form(const char *text, enum config_form *ret_form, struct fault *fault)
{
    for (size_t i = 0; i < array_count(form_names); i++) {
        if (strcmp(form_names[i], text) == 0) {
            *ret_form = (enum config_form)i;
            return true;
        }
    }
    return refuse(fault, text, "is no form: write article, oneline, paper or project");
}

/* "a, b or c" into `text`. */
static void list_choices(const char *const *choices, char *text, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; choices[i] != NULL && length < size; i++) {
        const char *joint = i == 0 ? "" : choices[i + 1] == NULL ? " or " : ", ";
        int added = snprintf(text + length, size - length, "%s%s", joint, choices[i]);
        length += added > 0 ? (size_t)added : 0;
    }
}

bool value_read_choice(
    const struct schema_key *key, const char *text, int *ret_choice, struct fault *fault)
{
    for (int i = 0; key->choices[i] != NULL; i++) {
        if (strcmp(key->choices[i], text) == 0) {
            *ret_choice = i;
            return true;
        }
    }
    char known[CHOICES_BYTES_MAX];
    list_choices(key->choices, known, sizeof(known));
    return fault_set(fault, FAULT_CONFIG, "'%.80s' is not known here: write %s", text, known);
}

static bool read_boolean(const char *text, bool *ret_value, struct fault *fault)
{
    static const char *const words[][2] = {{"false", "true"}, {"no", "yes"}, {"off", "on"}};
    for (size_t i = 0; i < array_count(words); i++) {
        for (int value = 0; value < 2; value++) {
            if (strcasecmp(words[i][value], text) == 0) {
                *ret_value = value != 0;
                return true;
            }
        }
    }
    return refuse(fault, text, "is neither true nor false: write true or false");
}

/* A decimal number and what follows it. strtod alone would take "inf", "nan" and hex floats. */
static bool split_number(const char *text, double *ret_number, const char **ret_rest)
{
    size_t sign = text[0] == '-' || text[0] == '+' ? 1 : 0;
    size_t digits = strspn(text + sign, "0123456789.");
    if (digits == 0 || digits > 18 || strcspn(text + sign, "0123456789") >= digits) {
        return false;
    }
    char copy[24] = "";
    memcpy(copy, text, sign + digits);
    char *end = NULL;
    *ret_number = strtod(copy, &end);
    *ret_rest = text + sign + digits;
    return *end == '\0';
}

static bool read_number(const char *text, double *ret_value, struct fault *fault)
{
    const char *rest = "";
    if (!split_number(text, ret_value, &rest) || *rest != '\0') {
        return refuse(fault, text, "is no number: write one such as 2 or 0.5");
    }
    return true;
}

static bool read_count(const char *text, double *ret_value, struct fault *fault)
{
    const char *rest = "";
    if (!split_number(text, ret_value, &rest) || *rest != '\0' || strchr(text, '.') != NULL ||
        *ret_value < 0) {
        return refuse(fault, text, "is no whole number: write one such as 20");
    }
    return true;
}

static bool read_with_unit(const char *text, const struct unit *units, double *ret_value)
{
    double number = 0;
    const char *rest = "";
    if (!split_number(text, &number, &rest) || number < 0) {
        return false;
    }
    for (; units->name != NULL; units++) {
        if (strcmp(units->name, rest) == 0) {
            *ret_value = number * units->factor;
            return true;
        }
    }
    return false;
}

static bool read_seconds(const char *text, double *ret_value, struct fault *fault)
{
    static const struct unit units[] = {
        {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}, {NULL, 0}};
    return read_with_unit(text, units, ret_value) ||
        refuse(fault, text,
            "is no duration: write a number with s, m, h, d or w, such as 30m, "
            "6h or 2d");
}

static bool read_milliseconds(const char *text, double *ret_value, struct fault *fault)
{
    static const struct unit units[] = {
        {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {NULL, 0}};
    return read_with_unit(text, units, ret_value) ||
        refuse(fault, text, "is no pause: write a number with ms, s or m, such as 500ms or 3s");
}

static bool read_size(const char *text, double *ret_value, struct fault *fault)
{
    static const struct unit units[] = {
        {"", 1}, {"K", 1024}, {"M", 1048576}, {"G", 1073741824}, {NULL, 0}};
    return read_with_unit(text, units, ret_value) ||
        refuse(fault, text, "is no size: write bytes, or a number with K, M or G, such as 8M");
}

static bool read_utc_offset(const char *text, double *ret_value, struct fault *fault)
{
    bool shaped = strlen(text) == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':' &&
        strspn(text + 1, "0123456789") == 2 && strspn(text + 4, "0123456789") == 2;
    int hours = shaped ? atoi(text + 1) : 0, minutes = shaped ? atoi(text + 4) : 0;
    if (!shaped || hours > 14 || minutes > 59) {
        return refuse(fault, text,
            "is no offset from UTC: write \"+08:00\" for Beijing, \"+00:00\" "
            "for UTC");
    }
    *ret_value = (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

static const struct {
    bool (*read)(const char *text, double *ret_value, struct fault *fault);
    enum { STORE_SIZE, STORE_INT64, STORE_DOUBLE } store;
} quantities[] = {
    [SCHEMA_COUNT] = {read_count, STORE_SIZE},
    [SCHEMA_SIZE] = {read_size, STORE_SIZE},
    [SCHEMA_NUMBER] = {read_number, STORE_DOUBLE},
    [SCHEMA_SECONDS] = {read_seconds, STORE_INT64},
    [SCHEMA_MILLISECONDS] = {read_milliseconds, STORE_INT64},
    [SCHEMA_UTC_OFFSET] = {read_utc_offset, STORE_INT64},
};

/* A bound as the person would write it: 60 seconds are "1m", 1048576 bytes "1M". */
static void describe_bound(enum schema_kind kind, double bound, char *text, size_t size)
{
    static const struct unit spans[] = {{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}};
    static const struct unit sizes[] = {{"G", 1073741824}, {"M", 1048576}, {"K", 1024}};
    const struct unit *units = kind == SCHEMA_SIZE ? sizes : spans;
    size_t count = kind == SCHEMA_SIZE ? array_count(sizes) : array_count(spans);
    bool measured = kind == SCHEMA_SIZE || kind == SCHEMA_SECONDS ||
        kind == SCHEMA_MILLISECONDS;
    double scaled = kind == SCHEMA_MILLISECONDS ? bound / 1000 : bound;
    for (size_t i = 0; measured && i < count; i++) {
        if (scaled >= units[i].factor && fmod(scaled, units[i].factor) == 0) {
            snprintf(text, size, "%g%s", scaled / units[i].factor, units[i].name);
            return;
        }
    }
    snprintf(text, size, "%g", bound);
}

static bool check_range(
    const struct schema_key *key, const char *text, double value, struct fault *fault)
{
    bool bounded = key->min != 0 || key->max != 0;
    if (!bounded || (value >= key->min && value <= key->max)) {
        return true;
    }
    char low[32], high[32];
    describe_bound(key->kind, key->min, low, sizeof(low));
    describe_bound(key->kind, key->max, high, sizeof(high));
    return fault_set(
        fault, FAULT_CONFIG, "'%.80s' is out of range: write %s to %s", text, low, high);
}

static bool read_quantity(
    const struct schema_key *key, const char *text, void *field, struct fault *fault)
{
    double value = 0;
    if (!quantities[key->kind].read(text, &value, fault) ||
        !check_range(key, text, value, fault)) {
        return false;
    }
    switch (quantities[key->kind].store) {
    case STORE_SIZE:
        *(size_t *)field = (size_t)value;
        break;
    case STORE_INT64:
        *(int64_t *)field = (int64_t)value;
        break;
    case STORE_DOUBLE:
        *(double *)field = value;
        break;
    }
    return true;
}

bool value_read(const struct schema_key *key, const char *text, struct arena *arena,
    void *field, struct fault *fault)
{
    if (key->kind == SCHEMA_FORM) {
        return read_form(text, field, fault);
    }
    if (key->kind == SCHEMA_CHOICE) {
        return value_read_choice(key, text, field, fault); /* an enum is as wide as an int */
    }
    if (key->kind == SCHEMA_BOOLEAN) {
        return read_boolean(text, field, fault);
    }
    if (key->kind < array_count(quantities) && quantities[key->kind].read != NULL) {
        return read_quantity(key, text, field, fault);
    }
    if (!value_check(key->kind, text, fault)) {
        return false;
    }
    if (key->holds != NULL && strstr(text, key->holds) == NULL) {
        return fault_set(fault, FAULT_CONFIG, "'%.80s' lacks %s: write something like %s", text,
            key->holds, key->example);
    }
    *(const char **)field = arena_strdup(arena, text);
    return true;
}

struct config_words value_default_words(const char *fallback, struct arena *arena)
{
    struct config_words words = {0};
    size_t capacity = 0;
    char *rest = fallback == NULL ? NULL : arena_strdup(arena, fallback);
    for (char *word; (word = strsep(&rest, ",")) != NULL;) {
        if (words.count == capacity) {
            words.items = arena_grow(arena, words.items, sizeof(*words.items), &capacity);
        }
        words.items[words.count++] = (struct config_word){
            word + strspn(word, " "), CONFIG_LINE_DEFAULT};
    }
    return words;
}

bool value_are_default_words(const struct config_words *words)
{
    return words->count > 0 && words->items[0].line == CONFIG_LINE_DEFAULT;
}
