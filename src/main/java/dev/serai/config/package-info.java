/** Settings: what they are called, what they mean, where they come from, and whether they are right. */
package dev.serai.config;
