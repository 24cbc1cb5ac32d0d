package org.asynceventsource.servlet;

import java.util.List;
import java.util.Set;

/**
 * What the servlet believes and allows; all lists immutable.
 *
 * @param roles the roles that are asked for and kept when a client connects
 * @param hosts the host names that requests may name; empty if that is not checked
 * @param trustedProxies the addresses whose forwarding headers are believed
 * @param maxBody the most bytes of a published request body, or of each event in a stream
 */
public record RequestOptions(
    Set<String> roles, List<String> hosts, List<AddressRange> trustedProxies, int maxBody) {}
