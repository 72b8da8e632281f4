/** The demonstration: simulated vendors, a hub, and scenes that prove what they show. Knows the store and the simulator. */
package dev.serai.cli.demo;
