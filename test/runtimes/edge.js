/** The program for a realm without modules. */
import program from "./program.js";

addEventListener("fetch", (event) => event.respondWith(program.fetch(event.request)));
