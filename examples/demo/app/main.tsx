import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./studio.css";
import { startPage } from "./startPage";

const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode>{await startPage()}</StrictMode>);
