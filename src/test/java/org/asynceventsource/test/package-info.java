/**
 * What tests of every module share: a strict reader of event streams that knows none of our
 * classes, a recorder of streams, hostile text, a clock that stands still, and the contract of
 * event logs.
 */
@NullMarked
package org.asynceventsource.test;

import org.jspecify.annotations.NullMarked;
