/** The program for a realm that has no modules. */
import program from "./program.js";

addEventListener("fetch", (event) => event.respondWith(program.fetch(event.request)));
