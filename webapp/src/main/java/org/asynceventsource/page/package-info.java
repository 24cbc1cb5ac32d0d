/** What the server adds to the page, whose files lie in {@code index.html} and {@code page/}. */
@NullMarked
package org.asynceventsource.page;

import org.jspecify.annotations.NullMarked;
