#include <stdio.h>
#include <string.h>

int main(int count, char **words)
{
    char text[16];
    strlcpy(text, words[0], sizeof text);
    puts(text);
    return 0;
}
