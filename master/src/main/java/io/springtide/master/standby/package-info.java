/** Following the log while another master leads, so that taking over costs no replay. */
@NullMarked
package io.springtide.master.standby;

import org.jspecify.annotations.NullMarked;
