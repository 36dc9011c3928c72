#include "board.hpp"

Board::Board(std::istream &words) {
    for (std::string word; words >> word;) words_.push_back(word);
}

std::string Board::next() {
    return words_.empty() ? "" : words_[at_++ % words_.size()];
}
