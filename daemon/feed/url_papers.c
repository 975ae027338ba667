/* Papers: arXiv identifiers and DOIs, wherever they stand.
 *
 * Preprint servers, mirrors and publishers name one paper by dozens of URLs, but nearly all
 * carry one of these two identifiers. The version of a preprint is not part of what it is. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "feed/url_page.h"
#include "feed/url_parts.h"
#include "feed/url_query.h"
#include "feed/url_sites.h"

/* Cut "v12" off the end. */
static char *without_version(struct arena *arena, const char *id)
{
    size_t length = strlen(id), end = length;
    while (end > 0 && isdigit((unsigned char)id[end - 1])) {
        end--;
    }
    bool versioned = end > 0 && end < length && (id[end - 1] == 'v' || id[end - 1] == 'V');
    return arena_strndup(arena, id, versioned ? end - 1 : length);
}

/* arXiv:YYMM.NNNN (to 2014), YYMM.NNNNN (since 2015) and archive.SC/YYMMNNN (to March 2007),
 * where the subject class is no part of the identifier.
 * https://info.arxiv.org/help/arxiv_identifier.html */
static char *arxiv_key(struct arena *arena, const char *text)
{
    char *id = without_version(arena, url_without_suffix(arena, text, ".pdf"));
    char *slash = strchr(id, '/');
    if (slash == NULL) {
        int month = strspn(id, url_digits) == 4 ? (id[2] - '0') * 10 + id[3] - '0' : 0;
        bool valid = month >= 1 && month <= 12 && id[4] == '.' &&
            url_consists_of(id + 5, url_digits, 4, 5);
        return valid ? arena_printf(arena, "arxiv:%s", id) : NULL;
    }
    *slash = '\0';
    char *archive = url_lower(arena, id);
    archive[strcspn(archive, ".")] = '\0';
    bool valid = url_consists_of(archive, "abcdefghijklmnopqrstuvwxyz-", 2, 10) &&
        url_consists_of(slash + 1, url_digits, 7, 7);
    return valid ? arena_printf(arena, "arxiv:%s/%s", archive, slash + 1) : NULL;
}

/* DOIs mind no case but have "<", ">" and escapes of them: lower case with the escapes as
 * url_percent_normalize() writes them, so that the key of the key, and of the DOI in an
 * address, is the same. */
static char *fold_doi(struct arena *arena, const char *text)
{
    const char *escaped = url_percent_normalize(arena, url_percent_encode(arena, text));
    return url_percent_normalize(arena, url_lower(arena, escaped));
}

/* Also of DataCite's DOIs for arXiv, 10.48550/arXiv.ID. Controls and blanks make it no DOI. */
static char *doi_key(struct arena *arena, const char *text)
{
    char *doi = url_lower(arena, text);
    size_t registrant = strncmp(doi, "10.", 3) == 0 ? strspn(doi + 3, "0123456789.") : 0;
    if (registrant < 4 || doi[3 + registrant] != '/' || doi[4 + registrant] == '\0') {
        return NULL;
    }
    for (const char *p = doi; *p != '\0'; p++) {
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f) {
            return NULL;
        }
    }
    if (strncmp(doi, "10.48550/arxiv.", 15) == 0) {
        return arxiv_key(arena, doi + 15);
    }
    return arena_printf(arena, "doi:%s", fold_doi(arena, text));
}

char *url_key_arxiv(const struct url_page *page)
{
    const char *views = "abs pdf html format ps e-print src tb overview papers arxiv paper";
    if (!url_one_of(page->segments[0], views) || page->count > 3) {
        return NULL;
    }
    const char *id = page->segments[1];
    if (page->count == 3) {
        id = arena_printf(page->arena, "%s/%s", page->segments[1], page->segments[2]);
    }
    return arxiv_key(page->arena, id);
}

char *url_key_huggingface(const struct url_page *page)
{
    bool paper = page->count == 2 && strcmp(page->segments[0], "papers") == 0;
    return paper ? arxiv_key(page->arena, page->segments[1]) : NULL;
}

char *url_key_doi(const struct url_page *page)
{
    return doi_key(page->arena, page->path + strspn(page->path, "/"));
}

/* Views that publishers append to the DOI in their paths. */
static const char *without_view(struct arena *arena, const char *doi)
{
    static const char *const views[] = {"/full/html", "/full/pdf", "/full", "/fulltext", "/pdf",
        "/epdf", "/html", "/abstract", "/meta", "/summary", "/xml", ".full.pdf", ".full",
        ".pdf"};
    for (size_t i = 0; i < array_count(views); i++) {
        const char *shorter = url_without_suffix(arena, doi, views[i]);
        if (shorter != doi) {
            return shorter;
        }
    }
    return doi;
}

/* Publishers whose article pages carry the DOI in the path. */
char *url_key_publisher(const struct url_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        if (url_one_of(
                page->segments[i], "suppl suppl_file figure references citedby toc action")) {
            return NULL;
        }
    }
    const char *doi = strstr(page->path, "/10.");
    return doi == NULL ? NULL : doi_key(page->arena, without_view(page->arena, doi + 1));
}

/* bioRxiv and medRxiv add a version: 10.1101/2020.01.01.123456v2.full */
char *url_key_biorxiv(const struct url_page *page)
{
    const char *doi = strstr(page->path, "/10.");
    if (doi == NULL) {
        return NULL;
    }
    doi = without_view(page->arena, doi + 1);
    return doi_key(page->arena, without_version(page->arena, doi));
}

char *url_key_plos(const struct url_page *page)
{
    const char *id = url_query_value(page->arena, page->query, "id");
    return id != NULL && page->count >= 2 ? doi_key(page->arena, id) : NULL;
}

char *url_key_nature(const struct url_page *page)
{
    if (page->count != 2 || strcmp(page->segments[0], "articles") != 0) {
        return NULL;
    }
    const char *id = url_without_suffix(page->arena, page->segments[1], ".pdf");
    return doi_key(page->arena, arena_printf(page->arena, "10.1038/%s", id));
}

char *url_key_ieee(const struct url_page *page)
{
    const char *number = url_query_value(page->arena, page->query, "arnumber");
    for (size_t i = 0; number == NULL && i + 1 < page->count; i++) {
        if (strcmp(page->segments[i], "document") == 0) {
            number = page->segments[i + 1];
            break;
        }
    }
    return number != NULL && url_is_number(number)
        ? arena_printf(page->arena, "ieee:%s", number)
        : NULL;
}

char *url_key_openreview(const struct url_page *page)
{
    const char *id = url_query_value(page->arena, page->query, "id");
    bool paper = page->count == 1 && url_one_of(page->segments[0], "forum pdf") && id != NULL &&
        url_consists_of(id, url_base64url, 6, 24) &&
        url_query_value(page->arena, page->query, "noteId") == NULL;
    return paper ? arena_printf(page->arena, "openreview:%s", id) : NULL;
}

/* Identifiers that stand for themselves, in guids and in text. */
static const struct {
    const char *prefix;
    char *(*key)(struct arena *arena, const char *text);
} text_kinds[] = {
    {"arxiv:", arxiv_key},
    {"oai:arxiv.org:", arxiv_key},
    {"doi:", doi_key},
    {"info:doi/", doi_key},
    {"urn:doi:", doi_key},
};

char *url_text_key(struct arena *arena, const char *text)
{
    for (size_t i = 0; i < array_count(text_kinds); i++) {
        size_t length = strlen(text_kinds[i].prefix);
        if (strncasecmp(text, text_kinds[i].prefix, length) == 0) {
            return text_kinds[i].key(arena, text + length + strspn(text + length, " "));
        }
    }
    return NULL;
}
