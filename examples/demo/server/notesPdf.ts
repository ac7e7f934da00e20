const lines = [
  "14 March. Ice gone from the upper pool. Two dippers, singing.",
  "15 March. Level 52 cm and falling. First coltsfoot on the bank.",
  "19 March. Rain all night, 71 cm by noon. The ford is closed.",
  "22 March. Clear again. An otter's tracks below the mill.",
  "27 March. Sand martins, eleven of them, six days early.",
];

/** The field notes as a PDF of one page, written by hand, because a demo needs no PDF library. */
export function notesPdf(): Uint8Array<ArrayBuffer> {
  const text = lines
    .map((line) => `0 -26 Td (${line.replaceAll(/[\\()]/g, "\\$&")}) Tj`)
    .join("\n");
  const content = `BT /F2 24 Tf 72 740 Td (Field notes) Tj /F1 12 Tf 0 -14 Td\n${text}\nET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Bold >>",
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ];

  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const xref = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join("")}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
  return new TextEncoder().encode(file);
}
