/* Private to storage/: the SQL of the desk and of the accounts, the further parts of the table
 * in statements.c. */
#ifndef STORAGE_DESK_STATEMENTS_H
#define STORAGE_DESK_STATEMENTS_H

#include "storage/statements.h"

struct statement_text {
    const char *purpose;
    const char *sql;
};

extern const struct statement_text desk_statement_table[STATEMENT_ACCOUNT - STATEMENT_DESK];
extern const struct statement_text account_statement_table[STATEMENT_COUNT - STATEMENT_ACCOUNT];

#endif
