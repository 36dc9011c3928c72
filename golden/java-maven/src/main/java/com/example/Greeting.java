package com.example;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

final class Greeting {
    private Greeting() {
    }

    static String text() {
        try (InputStream stream = Greeting.class.getResourceAsStream("/greeting.txt")) {
            return new String(stream.readAllBytes());
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
