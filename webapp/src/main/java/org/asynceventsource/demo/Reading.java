package org.asynceventsource.demo;

/**
 * What a thermometer shows; reaches browsers as JSON.
 *
 * @param place where it hangs
 * @param celsius the temperature, to a tenth of a degree
 */
public record Reading(String place, double celsius) {}
