/* Private to storage/: the SQL of the desk, the second half of the table in statements.c. */
#ifndef STORAGE_DESK_STATEMENTS_H
#define STORAGE_DESK_STATEMENTS_H

#include "storage/statements.h"

struct statement_text {
    const char *purpose;
    const char *sql;
};

extern const struct statement_text desk_statement_table[STATEMENT_COUNT - STATEMENT_DESK];

#endif
