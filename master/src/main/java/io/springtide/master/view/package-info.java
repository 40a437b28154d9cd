/** What is committed, for those who read. */
@NullMarked
package io.springtide.master.view;

import org.jspecify.annotations.NullMarked;
