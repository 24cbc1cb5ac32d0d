package org.example.orders;

/** What somebody ordered. */
public record Order(int number, String item) {}
