#pragma once

#include <istream>
#include <string>
#include <vector>

class Board {
public:
    explicit Board(std::istream &words);
    std::string next();

private:
    std::vector<std::string> words_;
    std::size_t at_ = 0;
};
