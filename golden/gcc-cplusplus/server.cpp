#include <arpa/inet.h>
#include <fstream>
#include <iostream>
#include <string>
#include <unistd.h>

#include "board.hpp"

int main(int argc, char **argv) {
    int port = argc > 1 ? std::stoi(argv[1]) : 7777;
    std::ifstream words("words.txt");
    Board board(words);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address);
    listen(listener, 8);
    for (;;) {
        int client = accept(listener, nullptr, nullptr);
        std::string line = board.next() + "\n";
        write(client, line.data(), line.size());
        close(client);
    }
}
