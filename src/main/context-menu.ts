import { app, Menu, type MenuItemConstructorOptions } from 'electron';

/** What a right click offers on text; Electron has no menu of its own. Elsewhere: nothing. */
export function offerEditing(): void {
  app.on('web-contents-created', (_created, contents) => {
    contents.on('context-menu', (_event, { isEditable, selectionText, editFlags }) => {
      const items: MenuItemConstructorOptions[] = isEditable
        ? [
            { role: 'cut', enabled: editFlags.canCut },
            { role: 'copy', enabled: editFlags.canCopy },
            { role: 'paste', enabled: editFlags.canPaste },
            { role: 'selectAll', enabled: editFlags.canSelectAll },
          ]
        : selectionText.trim() === ''
          ? []
          : [{ role: 'copy' }];
      if (items.length > 0) Menu.buildFromTemplate(items).popup();
    });
  });
}
