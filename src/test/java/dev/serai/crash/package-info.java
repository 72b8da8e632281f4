/**
 * Kills a hub at every boundary of its work, a commit or an exchange with a vendor, and lets another one take over. Knows
 * the hub from outside only: its doors, its tables, and what reaches the vendor.
 */
package dev.serai.crash;
