/** What operators add to a master by laying a jar on its class path. */
@NullMarked
package io.springtide.master.plugins;

import org.jspecify.annotations.NullMarked;
