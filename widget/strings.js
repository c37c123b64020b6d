// The words of the widget, a table a language. A site adds one, or changes some, before the script loads:
// window.Dateline = { strings: { pt: { send: "Perguntar", … } } }. Missing words fall back to English.
const STRINGS = {
  en: {
    title: "Ask our archive", open: "Open: {t}", close: "Close", fresh: "New conversation",
    resize: "Change size (drag, or arrow keys)", label: "Your question", placeholder: "Ask a question",
    send: "Ask", stop: "Stop", stopped: "Stopped.", searching: "Searching the articles…",
    reading: "Reading passages ({n})…", log: "Conversation", asked: "You asked:", sources: "Sources",
    source: "Source {n}: {t}", undated: "undated", says: "{s}:", also: "Also in", original: "Original",
    read: "Read it in the article", tab: "opens in a new tab", related: "Related, not evidence",
    copy: "Copy answer with sources", copied: "Copied.", uncopied: "Copying failed.", good: "Good answer",
    bad: "Bad answer", thanks: "Thank you.", unkept: "Your rating could not be kept.",
    examples: "For example", intro: "Answers come in the articles' own words, with their sources.",
    retry: "Try again", done: "Answer complete. Sources: {n}.", incomplete: "Incomplete:",
    unchecked: "Not checked against the articles yet.",
    disputed: "Accounts differ; the articles do not settle it.", unverified: "Not found in the articles",
    nothing_found: "The articles do not say. Nothing in them is about this.",
    related_only: "The articles do not say. What comes nearest is shown as related; it is not evidence.",
    outside_dates: "The articles do not say. There are some about this, but none within the dates asked for.",
    busy: "Many people are asking. Please try again in {n} s.", denied: "This site may not ask here.",
    network: "The server cannot be reached. Please try again.", failed: "Something went wrong. Please try again.",
  },
  de: {
    title: "Unser Archiv fragen", open: "Öffnen: {t}", close: "Schließen", fresh: "Neues Gespräch",
    resize: "Größe ändern (ziehen oder Pfeiltasten)", label: "Ihre Frage", placeholder: "Stellen Sie eine Frage",
    send: "Fragen", stop: "Anhalten", stopped: "Angehalten.", searching: "Die Artikel werden durchsucht …",
    reading: "Textstellen werden gelesen ({n}) …", log: "Gespräch", asked: "Ihre Frage:", sources: "Quellen",
    source: "Quelle {n}: {t}", undated: "ohne Datum", says: "{s}:", also: "Auch in", original: "Original",
    read: "Im Artikel lesen", tab: "öffnet einen neuen Tab", related: "Verwandt, kein Beleg",
    copy: "Antwort mit Quellen kopieren", copied: "Kopiert.", uncopied: "Kopieren fehlgeschlagen.",
    good: "Gute Antwort", bad: "Schlechte Antwort", thanks: "Danke.",
    unkept: "Ihre Bewertung konnte nicht gespeichert werden.", examples: "Zum Beispiel",
    intro: "Die Antworten stehen im Wortlaut der Artikel, mit Quellen.", retry: "Erneut versuchen",
    done: "Antwort vollständig. Quellen: {n}.", incomplete: "Unvollständig:",
    unchecked: "Noch nicht an den Artikeln geprüft.",
    disputed: "Die Darstellungen gehen auseinander; die Artikel klären es nicht.", unverified: "In den Artikeln nicht gefunden",
    nothing_found: "Die Artikel sagen dazu nichts. Nichts in ihnen handelt davon.",
    related_only: "Die Artikel sagen dazu nichts. Das Nächstliegende steht unten; es ist kein Beleg.",
    outside_dates: "Die Artikel sagen dazu nichts im gefragten Zeitraum; außerhalb davon gibt es welche.",
    busy: "Viele fragen gerade. Bitte in {n} s erneut versuchen.", denied: "Diese Website darf hier nicht fragen.",
    network: "Der Server ist nicht erreichbar. Bitte erneut versuchen.",
    failed: "Etwas ist schiefgegangen. Bitte erneut versuchen.",
  },
  fr: {
    title: "Interroger nos archives", open: "Ouvrir : {t}", close: "Fermer", fresh: "Nouvelle conversation",
    resize: "Changer la taille (glisser, ou touches fléchées)", label: "Votre question",
    placeholder: "Posez une question", send: "Demander", stop: "Arrêter", stopped: "Arrêté.",
    searching: "Recherche dans les articles…", reading: "Lecture des passages ({n})…", log: "Conversation",
    asked: "Votre question :", sources: "Sources", source: "Source {n} : {t}", undated: "sans date",
    says: "{s} :", also: "Aussi dans", original: "Original", read: "Lire dans l’article",
    tab: "s’ouvre dans un nouvel onglet", related: "Sujet proche, sans valeur de preuve",
    copy: "Copier la réponse et ses sources", copied: "Copié.", uncopied: "La copie a échoué.",
    good: "Bonne réponse", bad: "Mauvaise réponse", thanks: "Merci.",
    unkept: "Votre avis n’a pas pu être enregistré.", examples: "Par exemple",
    intro: "Les réponses citent les articles mot pour mot, avec leurs sources.", retry: "Réessayer",
    done: "Réponse complète. Sources : {n}.", incomplete: "Incomplet :",
    unchecked: "Pas encore vérifié dans les articles.",
    disputed: "Les récits divergent ; les articles ne tranchent pas.", unverified: "Introuvable dans les articles",
    nothing_found: "Les articles ne le disent pas. Aucun n’en parle.",
    related_only: "Les articles ne le disent pas. Le plus proche figure ci-dessous, sans valeur de preuve.",
    outside_dates: "Les articles ne le disent pas pour ces dates ; d’autres dates en parlent.",
    busy: "Beaucoup de questions en ce moment. Réessayez dans {n} s.",
    denied: "Ce site n’a pas le droit d’interroger ici.", network: "Le serveur est injoignable. Réessayez.",
    failed: "Une erreur est survenue. Réessayez.",
  },
  es: {
    title: "Pregunte a nuestro archivo", open: "Abrir: {t}", close: "Cerrar", fresh: "Nueva conversación",
    resize: "Cambiar el tamaño (arrastrar o teclas de flecha)", label: "Su pregunta",
    placeholder: "Haga una pregunta", send: "Preguntar", stop: "Detener", stopped: "Detenido.",
    searching: "Buscando en los artículos…", reading: "Leyendo pasajes ({n})…", log: "Conversación",
    asked: "Su pregunta:", sources: "Fuentes", source: "Fuente {n}: {t}", undated: "sin fecha", says: "{s}:",
    also: "También en", original: "Original", read: "Leer en el artículo", tab: "se abre en otra pestaña",
    related: "Relacionado, no es prueba", copy: "Copiar la respuesta con sus fuentes", copied: "Copiado.",
    uncopied: "No se pudo copiar.", good: "Buena respuesta", bad: "Mala respuesta", thanks: "Gracias.",
    unkept: "No se pudo guardar su valoración.", examples: "Por ejemplo",
    intro: "Las respuestas usan las palabras de los artículos, con sus fuentes.", retry: "Reintentar",
    done: "Respuesta completa. Fuentes: {n}.", incomplete: "Incompleta:",
    unchecked: "Aún sin contrastar con los artículos.",
    disputed: "Las versiones difieren; los artículos no lo aclaran.", unverified: "No se encontró en los artículos",
    nothing_found: "Los artículos no lo dicen. Ninguno trata de esto.",
    related_only: "Los artículos no lo dicen. Lo más cercano aparece como relacionado; no es prueba.",
    outside_dates: "Los artículos no lo dicen en esas fechas; sí los hay fuera de ellas.",
    busy: "Hay muchas preguntas. Inténtelo de nuevo en {n} s.", denied: "Este sitio no puede preguntar aquí.",
    network: "No se puede conectar con el servidor. Inténtelo de nuevo.",
    failed: "Algo salió mal. Inténtelo de nuevo.",
  },
  ar: {
    title: "اسأل أرشيفنا", open: "فتح: {t}", close: "إغلاق", fresh: "محادثة جديدة",
    resize: "تغيير الحجم (بالسحب أو بمفاتيح الأسهم)", label: "سؤالك", placeholder: "اطرح سؤالًا", send: "اسأل",
    stop: "إيقاف", stopped: "أُوقف.", searching: "جارٍ البحث في المقالات…", reading: "قراءة المقاطع ({n})…",
    log: "المحادثة", asked: "سؤالك:", sources: "المصادر", source: "المصدر {n}: {t}", undated: "بلا تاريخ",
    says: "{s}:", also: "أيضًا في", original: "الأصل", read: "اقرأه في المقال", tab: "يُفتح في علامة تبويب جديدة",
    related: "ذو صلة، وليس دليلًا", copy: "نسخ الإجابة مع المصادر", copied: "نُسخ.", uncopied: "تعذّر النسخ.",
    good: "إجابة جيدة", bad: "إجابة سيئة", thanks: "شكرًا.", unkept: "تعذّر حفظ تقييمك.", examples: "على سبيل المثال",
    intro: "الإجابات بكلمات المقالات نفسها مع مصادرها.", retry: "حاول مجددًا",
    done: "اكتملت الإجابة. المصادر: {n}.", incomplete: "غير مكتملة:", unchecked: "لم يُراجَع على المقالات بعد.",
    disputed: "الروايات مختلفة، والمقالات لا تحسم الأمر.",
    unverified: "غير موجود في المقالات", nothing_found: "المقالات لا تذكر ذلك. لا شيء فيها عن هذا.",
    related_only: "المقالات لا تذكر ذلك. الأقرب معروض بوصفه ذا صلة، وليس دليلًا.",
    outside_dates: "المقالات لا تذكر ذلك ضمن التواريخ المطلوبة، وتوجد مقالات خارجها.",
    busy: "كثيرون يسألون الآن. حاول مجددًا بعد {n} ث.", denied: "لا يحق لهذا الموقع السؤال هنا.",
    network: "تعذّر الوصول إلى الخادم. حاول مجددًا.", failed: "حدث خطأ. حاول مجددًا.",
  },
};
const RTL = /^(ar|fa|he|ur|ps|sd|ug|yi|dv|ckb)\b/i;

/** The words of a language tag ("de-AT" finds "de"), its direction, its dates, and `fill` for {n} and the like. */
function wordsOf(tag, more = {}) {
  const short = tag.toLowerCase().split("-")[0];
  const words = { ...STRINGS.en, ...STRINGS[short], ...more[short], ...more[tag] };
  const known = Boolean(STRINGS[short] || more[short] || more[tag]);
  let lang = known ? tag : "en";
  try { Intl.getCanonicalLocales(lang); } catch { lang = "en"; }
  const formats = {}; // made with the first date: one costs more than all the rest before a click
  return {
    ...words, lang, english: lang.toLowerCase().startsWith("en"), dir: RTL.test(lang) ? "rtl" : "ltr",
    fill: (key, values) => words[key].replace(/\{(\w)\}/g, (_, name) => values[name]),
    /** A day, month, year, or "first/last" of a week, in ISO form. */
    date: (iso) => {
      if (!iso) return words.undated;
      const days = iso.split("/");
      if (!days.every((day) => /^\d{4}(-\d\d){0,2}$/.test(day) && !isNaN(new Date(day)))) return iso;
      const size = days[0].length;
      formats[size] ||= new Intl.DateTimeFormat(lang, { timeZone: "UTC", year: "numeric",
        ...(size > 4 && { month: "long" }), ...(size > 7 && { day: "numeric" }) });
      return days.length > 1 ? formats[size].formatRange(...days.map((day) => new Date(day))) : formats[size].format(new Date(days[0]));
    },
  };
}
