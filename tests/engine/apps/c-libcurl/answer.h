#ifndef ANSWER_H
#define ANSWER_H

#include <stddef.h>

/* Writes the body for a path and returns its HTTP status. */
int answer(const char *path, char *body, size_t size);

#endif
