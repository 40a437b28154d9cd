/** What an operator may set. */
@NullMarked
package io.springtide.master.config;

import org.jspecify.annotations.NullMarked;
