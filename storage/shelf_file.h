/* Private to storage/: a shelf (briefing/shelf.h) in a file without a name, beside the
 * database.
 *
 * Nobody else can open it and nothing of it is left when the process ends, however it ends:
 * what it holds is made again from the database. What is read again soon is in the system's
 * cache, which gives way where memory is short, as memory of the process's own would not. One
 * thread at a time, as any shelf.
 */
#ifndef STORAGE_SHELF_FILE_H
#define STORAGE_SHELF_FILE_H

#include "base/attributes.h"
#include "base/fault.h"
#include "briefing/shelf.h"

/* `beside` is the path of a file in the same folder. FAULT_STORE when no file can be made
 * there. The caller, or the index it is given to, ends it with its free(). */
must_check bool shelf_file_new(
    const char *beside, struct shelf *ret_shelf, struct fault *fault);

#endif
