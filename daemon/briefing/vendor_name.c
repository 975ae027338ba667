/* A word is compared as a keyword would be (briefing/fold.h: case, width, simplified or
 * traditional), but whole: "Meta" is not "Meta AI". An alias that asks for its case (=ARM) does
 * so among the words of a text; nobody needs the key for capitals to filter by it. No two
 * vendors share a name: a configuration in which they do is refused.
 *
 * Rejected: asking the judge for the vendor of a title of this one word. It finds "ARM" inside
 * "ARM China", and would want a compiled judge where the command line has only a
 * configuration. */
#include "briefing/vendor_name.h"

#include <string.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "briefing/fold.h"

static bool is_called(struct arena *arena, const struct folded *word, const char *name)
{
    struct folded folded = fold_text(fold_table_get(), arena, name, strlen(name));
    return folded.length == word->length && memcmp(folded.text, word->text, word->length) == 0;
}

/* A regex is no name. */
static bool has_alias(
    struct arena *arena, const struct folded *word, const struct config_vendor *vendor)
{
    for (size_t i = 0; i < vendor->aliases.count; i++) {
        const char *alias = vendor->aliases.items[i].text;
        if (alias[0] != '/' && is_called(arena, word, alias + (alias[0] == '='))) {
            return true;
        }
    }
    return false;
}

const char *vendor_name_find(const struct config *config, const char *word)
{
    if (word == NULL) {
        return NULL;
    }
    cleanup(arena_release) struct arena arena = {0};
    struct folded folded = fold_text(fold_table_get(), &arena, word, strlen(word));
    for (size_t i = 0; i < config->vendor_count; i++) {
        const struct config_vendor *vendor = &config->vendors[i];
        if (is_called(&arena, &folded, vendor->name) || has_alias(&arena, &folded, vendor)) {
            return vendor->name;
        }
    }
    return word;
}
