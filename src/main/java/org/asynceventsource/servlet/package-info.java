/** The event source's HTTP surface: opening a stream, publishing, and every refusal. */
@NullMarked
package org.asynceventsource.servlet;

import org.jspecify.annotations.NullMarked;
