/* What an item says in full, as it lies in the file: packed, with the item's summary for a
 * dictionary. Private to storage/.
 *
 * SQL packs and unpacks with three functions of the connection, so that a statement reads and
 * writes HTML and nobody else knows of it:
 *
 *     html_pack(html, summary)     the bytes to store; NULL without html
 *     html_unpack(bytes, summary)  the html; an error, SQLITE_CORRUPT, when the bytes or the
 *                                  summary are not those that were packed
 *     html_is_whole(bytes, summary)  whether html_unpack() would give it
 *
 * The summary is that of the item's row, which is written in the same transaction. NULL packs
 * without one, and is then never asked for: an export may have the rows in any order.
 */
#ifndef STORAGE_PACKED_HTML_H
#define STORAGE_PACKED_HTML_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/attributes.h"

/* Make the functions known to the connection. */
must_check bool packed_html_register(sqlite3 *db);

#endif
