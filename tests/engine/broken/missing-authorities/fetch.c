#include <stdio.h>

int main(void)
{
    puts("https://example.org/");
    return 0;
}
