import { createConnection, keepPageKey, pagePorts } from './connect.ts';

keepPageKey();

/** The page's connection, opened as this is read: the snapshot is on its way while React is still evaluated. */
export const connection = createConnection(pagePorts());
void connection.open();
