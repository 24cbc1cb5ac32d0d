/**
 * What tests of every module share: HTTP and digest byte by byte and a strict reader of event
 * streams, none of which know a class of ours; a recorder of streams, hostile text, a clock that
 * stands still, what is logged, and the contract of event logs.
 */
@NullMarked
package org.asynceventsource.test;

import org.jspecify.annotations.NullMarked;
